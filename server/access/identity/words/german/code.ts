import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const code: Words['code'] = {
  title: 'Code eingeben',
  overTitle: 'Dieser Code gilt nicht mehr',
  lede: (email) =>
    html`Eine E-Mail mit einem sechsstelligen Code ist unterwegs an <strong>${email}</strong>. Sie enthält auch einen Link.`,
  until: (time) => html`Der Code gilt bis ${time}.`,
  label: 'Bestätigungscode',
  automatic: 'Er wird abgeschickt, sobald die sechste Ziffer eingegeben ist.',
  submit: 'Anmelden',
  attempts: (left) => (left === 1 ? 'Es bleibt ein Versuch.' : `Es bleiben ${left}\u00a0Versuche.`),
  errors: {
    wrong: 'Dieser Code stimmt nicht. Wenn Sie mehrere E-Mails haben, nehmen Sie die neueste.',
    malformed: 'Der Code besteht aus 6\u00a0Ziffern und sonst nichts.',
    expired: 'Er ist abgelaufen; Ihre Eingabe wurde deshalb nicht geprüft. Senden Sie einen neuen.',
    spent: 'Es gab zu viele falsche Versuche. Senden Sie einen neuen.',
  },
  resendTitle: 'Nach einer Minute noch keine E-Mail?',
  resendHint: (email) => html`Sehen Sie im Spam-Ordner nach und prüfen Sie die Adresse: ${email}.`,
  resend: 'Neuen Code senden',
  resendWait: (time) => html`Ein neuer Code kann ab ${time} gesendet werden.`,
  resendCountdown: 'Neuen Code senden (in {seconds}\u00a0s)',
  another: 'Andere Adresse verwenden',
  linkOnlyTitle: 'Öffnen Sie den Link in der E-Mail',
  linkOnlyLede: (email) =>
    html`Eine E-Mail ist unterwegs an <strong>${email}</strong>. Öffnen Sie den Link darin in diesem Browser, um sich anzumelden.`,
  linkOnlyWhy:
    'Für diese Adresse wurden heute viele falsche Codes eingegeben. In einem Browser, den sie noch nicht benutzt hat, gilt deshalb nur der Link.',
  linkUntil: (time) => html`Der Link gilt bis ${time}.`,
  resendMail: 'Neue E-Mail senden',
  resendMailCountdown: 'Neue E-Mail senden (in {seconds}\u00a0s)',
}
