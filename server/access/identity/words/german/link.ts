import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const link: Words['link'] = {
  readyTitle: (brand) => `Anmelden bei ${brand}`,
  readyLede: (email) => html`Als <strong>${email}</strong>, in diesem Browser.`,
  submit: 'Anmelden',
  notYou: 'Sie haben das nicht angefordert? Schließen Sie die Seite: Ohne den Knopf wird niemand angemeldet.',
  elsewhereTitle: 'Geben Sie diesen Code im anderen Browser ein',
  elsewhereLede: (device, at) =>
    html`Die Anmeldung wurde ${at} in <strong>${device}</strong> begonnen, und dort endet sie. Geben Sie auf jener Seite diesen Code ein:`,
  elsewhereCaution: (host) =>
    html`Geben Sie ihn nur auf <strong>${host}</strong> ein und sagen Sie ihn niemandem. Wenn Sie keine Anmeldung begonnen haben, schließen Sie diese Seite: Niemand wird angemeldet.`,
  elsewhereUntil: (time) => html`Der Code gilt bis ${time}.`,
  linkOnlyTitle: 'Öffnen Sie diesen Link im anderen Browser',
  linkOnlyLede: (device, at) =>
    html`Die Anmeldung wurde ${at} in <strong>${device}</strong> begonnen, und dieser Link gilt nur dort.`,
  linkOnlyHint:
    'Kopieren Sie die Adresse des Links aus der E-Mail und öffnen Sie sie in jenem Browser. Hier wird niemand angemeldet.',
  spent: {
    used: {
      title: 'Dieser Link wurde schon benutzt',
      detail:
        'Mit einem Link meldet man sich einmal an. Wenn Sie dort, wo Sie es brauchen, nicht angemeldet sind, fordern Sie eine neue E-Mail an.',
    },
    expired: {
      title: 'Dieser Link ist abgelaufen',
      detail: 'Ein Link gilt nur wenige Minuten. Fordern Sie eine neue E-Mail an und öffnen Sie sie gleich.',
    },
    replaced: {
      title: 'Es gibt einen neueren Link',
      detail: 'Im selben Browser wurde eine neuere E-Mail angefordert. Öffnen Sie den Link in jener.',
    },
    unknown: {
      title: 'Dieser Link ist hier nicht bekannt',
      detail:
        'Mailprogramme schneiden lange Links manchmal ab. Kopieren Sie die ganze Adresse aus der E-Mail oder fordern Sie eine neue E-Mail an.',
    },
  },
  again: 'Neue E-Mail anfordern',
}
