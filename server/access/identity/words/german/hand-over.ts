import type { Words } from '../words.ts'

export const handOver: Words['handOver'] = {
  title: (brand) => `Mit Passkey bei ${brand} anmelden`,
  confirmTitle: (brand) => `Für ${brand} bestätigen`,
  lede: (there, here) =>
    `Sie kommen von ${there}. Ihr Passkey gilt für ${here}; zeigen Sie ihn hier, und Sie sind gleich wieder zurück.`,
  unable: (there) =>
    `Dieser Browser kann keine Passkeys verwenden. Gehen Sie zurück zu ${there} und melden Sie sich anders an.`,
  notYou: (there) =>
    `Haben Sie nicht eben bei ${there} auf eine Schaltfläche gedrückt? Dann hat jemand anders Sie hierher geschickt: Schließen Sie die Seite.`,
  back: (there) => `Zurück zu ${there}`,
  overTitle: 'Diese Anmeldung ist vorbei',
  over: (there) =>
    `Es hat länger als zehn Minuten gedauert oder war schon abgeschlossen. Beginnen Sie bei ${there} noch einmal.`,
}
