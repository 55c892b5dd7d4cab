import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const emailChange: Words['emailChange'] = {
  title: 'E-Mail-Adresse ändern',
  lede: (email) => html`Ihre Adresse ist <strong>${email}</strong>. Dorthin gehen Codes und Links für die Anmeldung.`,
  label: 'Neue E-Mail-Adresse',
  hint: 'Dorthin geht ein Code, um sicherzustellen, dass sie Ihnen gehört. Bis Sie ihn eingeben, ändert sich nichts.',
  send: 'Code senden',
  same: 'Das ist bereits Ihre Adresse.',
  changed: 'Geändert. Alle anderen Sitzungen wurden beendet, und an beide Adressen geht eine E-Mail darüber.',
  codeTitle: 'Code eingeben',
  codeLede: (email) =>
    html`Eine E-Mail mit einem sechsstelligen Code ist unterwegs an <strong>${email}</strong>. Lassen Sie diese Seite offen.`,
  codeLabel: 'Bestätigungscode',
  until: (at) => html`Der Code gilt bis ${at}, nur in diesem Browser.`,
  confirm: 'Adresse ändern',
  another: 'Andere Adresse verwenden',
  again: 'Neuen Code anfordern',
  errors: {
    wrong: 'Dieser Code stimmt nicht. Wenn Sie mehrere E-Mails haben, nehmen Sie die neueste.',
    malformed: 'Der Code besteht aus 6\u00a0Ziffern und sonst nichts.',
    expired: 'Er ist abgelaufen; Ihre Eingabe wurde deshalb nicht geprüft. Fordern Sie einen neuen an.',
    spent: 'Es gab zu viele falsche Versuche. Fordern Sie einen neuen an.',
  },
  attempts: (left) => (left === 1 ? 'Es bleibt ein Versuch.' : `Es bleiben ${left}\u00a0Versuche.`),
  proveTitle: 'Diese Adresse für Ihr Konto verwenden?',
  proveLede: (email) =>
    html`<strong>${email}</strong> wird die Adresse des Kontos. Codes und Links für die Anmeldung gehen dorthin, und alle Sitzungen des Kontos enden.`,
  prove: 'Diese Adresse verwenden',
  proven: 'Die Adresse wurde geändert',
  provenLede: (email) => html`Ab jetzt melden Sie sich mit <strong>${email}</strong> an.`,
  undoTitle: 'Die alte Adresse wieder einsetzen?',
  undoLede: (email) =>
    html`Das Konto erhält <strong>${email}</strong> als Adresse zurück, und alle seine Sitzungen enden: Wer angemeldet ist, wird abgemeldet. Sollte das Konto inzwischen gelöscht werden, bleibt es bestehen.`,
  undo: 'Alte Adresse wieder einsetzen',
  undone: 'Die alte Adresse gilt wieder',
  undoneLede: (email) =>
    html`Melden Sie sich mit <strong>${email}</strong> an. Prüfen Sie dann Ihr Profil und sichern Sie Ihr Postfach: Wer Ihre E-Mails liest, kann sich anmelden.`,
  signIn: 'Zur Anmeldung',
  spentTitle: 'Dieser Link gilt nicht mehr',
  spent:
    'Er wurde benutzt, ist abgelaufen, oder eine neuere Änderung ist an seine Stelle getreten. Es wurde nichts geändert. Wenn jemand anderes Ihr Konto benutzt, schreiben Sie an die Betreiber.',
  mails: {
    code: {
      subject: (code, brand) => `${code} ist Ihr Code für Ihre neue Adresse bei ${brand}`,
      title: 'Ihre neue E-Mail-Adresse',
      what: (brand, email) =>
        `${email} soll die Adresse eines Kontos bei ${brand} werden. Geben Sie diesen Code auf der Seite ein, auf der Sie ihn angefordert haben:`,
      until: (time) => `Er gilt einmal, bis ${time}.`,
      notYou:
        'Wenn Sie das nicht waren, tun Sie nichts: Ohne den Code ändert sich nichts. Wir fragen nie jemanden nach einem Code.',
    },
    link: {
      subject: (brand) => `Bestätigen Sie Ihre neue Adresse bei ${brand}`,
      title: 'Ihre neue E-Mail-Adresse',
      what: (brand, email) => `${email} soll die Adresse Ihres Kontos bei ${brand} werden.`,
      button: 'Adresse bestätigen',
      until: (time) => `Der Link gilt einmal, bis ${time}.`,
      notYou: 'Wenn Sie davon nichts wissen, tun Sie nichts: Es ändert sich nichts.',
    },
    taken: {
      subject: (brand) => `Sie haben schon ein Konto bei ${brand}`,
      title: 'Sie haben schon ein Konto',
      what: (brand, email) =>
        `${email} sollte die Adresse eines anderen Kontos bei ${brand} werden. Das geht nicht: Zu dieser Adresse gibt es schon ein Konto.`,
      next: 'Wenn Sie das waren, melden Sie sich mit dieser Adresse an oder löschen Sie zuerst das Konto, das sie hat.',
      button: 'Anmelden',
      notYou: 'Wenn Sie das nicht waren, tun Sie nichts. Wer das wollte, hat nicht erfahren, dass Sie ein Konto haben.',
    },
    asked: {
      subject: (brand) => `Ihre Adresse bei ${brand} soll geändert werden`,
      title: 'Ihre Adresse soll geändert werden',
      what: (brand, email) =>
        `Die Betreiber von ${brand} wurden gebeten, ${email} für Ihr Konto durch eine andere Adresse zu ersetzen. Das geschieht, sobald die neue bestätigt ist.`,
      wasYou: 'Wenn Sie darum gebeten haben, ist nichts zu tun.',
      notYou: 'Wenn nicht, lehnen Sie die Änderung ab. Dann enden alle Sitzungen Ihres Kontos.',
      button: 'Änderung ablehnen',
    },
    changed: {
      subject: (brand) => `Ihre Adresse bei ${brand} wurde geändert`,
      title: 'Ihre Adresse wurde geändert',
      what: (brand, email) =>
        `${email} ist nicht mehr die Adresse Ihres Kontos bei ${brand}. Sie können sich damit nicht mehr anmelden.`,
      wasYou: 'Wenn Sie das waren, ist nichts zu tun.',
      notYou: (time) =>
        `Wenn nicht, können Sie die alte Adresse bis ${time} wieder einsetzen. Dazu ist keine Anmeldung nötig, und alle Sitzungen enden.`,
      button: 'Alte Adresse wieder einsetzen',
    },
    arrived: {
      subject: (brand) => `Sie melden sich bei ${brand} jetzt mit dieser Adresse an`,
      title: 'Sie melden sich jetzt mit dieser Adresse an',
      what: (brand, email) => `Ab jetzt melden Sie sich bei ${brand} mit ${email} an.`,
      button: 'Zum Konto',
    },
    undone: {
      subject: (brand) => `Ihre alte Adresse bei ${brand} gilt wieder`,
      title: 'Ihre alte Adresse gilt wieder',
      what: (brand, email) =>
        `${email} ist wieder die Adresse Ihres Kontos bei ${brand}. Alle Sitzungen wurden beendet.`,
      next: 'Melden Sie sich an, prüfen Sie Ihr Profil und sichern Sie Ihr Postfach: Wer Ihre E-Mails liest, kann sich anmelden.',
      button: 'Anmelden',
    },
  },
}
