import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const impersonation: Words['impersonation'] = {
  title: 'Im Namen einer anderen Person handeln',
  lede: (staff, person) => html`Sie, <strong>${staff}</strong>, handeln gleich als <strong>${person}</strong>.`,
  because: 'Grund',
  howLong: 'Dauer',
  minutes: (minutes) =>
    minutes === 1 ? '1\u00a0Minute, in diesem Browser' : `${minutes}\u00a0Minuten, in diesem Browser`,
  cannot: 'Sie sehen, was die Person sieht. Profil, Adresse, Sitzungen und Organisationen können Sie nicht ändern.',
  cannotSave: 'Der Support kann das nicht ändern.',
  noted: 'Was Sie tun, wird unter beiden Namen festgehalten.',
  told: 'Die Person sieht es auf ihrer Kontoseite und erfährt es per E-Mail, sofern das hier nicht abgeschaltet ist.',
  replaces: 'Falls Sie hier selbst angemeldet sind, endet diese Sitzung.',
  submit: (person) => `Als ${person} handeln`,
  overTitle: 'Dieser Link gilt nicht mehr',
  over: 'Er gilt einmal, eine Minute lang und nur in der Anwendung, für die er erstellt wurde. Erstellen Sie in der Konsole einen neuen.',
  banner: (staff, person, until) =>
    until ? html`${staff} handelt bis ${until} als ${person}.` : html`${staff} handelt als ${person}.`,
  end: 'Handeln beenden',
  endedTitle: 'Sie handeln nicht mehr im Namen einer anderen Person',
  ended: 'Die Sitzung ist beendet. Dieser Browser ist hier nicht mehr angemeldet.',
  support: 'Support',
  session: (staff) => `Der Support (${staff}) handelt in Ihrem Namen`,
  acted: (staff) => `Support (${staff})`,
  reason: (reason) => `Grund: ${reason}`,
  fromTo: (from, to) => html`Von ${from} bis ${to}`,
  listTitle: 'Wann der Support in Ihrem Namen gehandelt hat',
  mail: {
    subject: (brand) => `Der Support handelt bei ${brand} in Ihrem Namen`,
    title: 'Der Support handelt in Ihrem Namen',
    what: (brand, email) =>
      `Der Support von ${brand} benutzt für kurze Zeit Ihr Konto (${email}), um bei einer Frage zu helfen.`,
    who: 'Wer',
    from: 'Von',
    until: 'Bis spätestens',
    reason: 'Grund',
    support: 'Support',
    cannot:
      'Der Support sieht dabei dasselbe wie Sie. Profil, Adresse, Sitzungen und Organisationen kann er nicht ändern.',
    notYou:
      'Wenn Sie nicht um Hilfe gebeten haben, beenden Sie auf Ihrer Kontoseite alle Sitzungen und schreiben Sie an die Betreiber.',
    button: 'Zum Konto',
  },
}
