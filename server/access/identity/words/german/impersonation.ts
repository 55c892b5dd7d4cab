import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const impersonation: Words['impersonation'] = {
  title: 'Im Namen einer anderen Person handeln',
  lede: (staff, person) => html`Sie, <strong>${staff}</strong>, handeln gleich als <strong>${person}</strong>.`,
  reason: (reason) => `Grund: ${reason}`,
  minutes: (minutes) =>
    `${minutes} Minuten lang, in diesem Browser. Was Sie tun, wird unter beiden Namen festgehalten.`,
  told: 'Die Person sieht es auf ihrer Kontoseite und erfährt es per E-Mail, sofern das hier nicht abgeschaltet ist.',
  cannot: 'Sie können alles ansehen, aber weder Profil noch Adresse, Sitzungen oder Organisationen ändern.',
  replaces: 'Falls Sie hier selbst angemeldet sind, endet diese Sitzung.',
  submit: (person) => `Als ${person} handeln`,
  overTitle: 'Dieser Link gilt nicht mehr',
  over: 'Er funktioniert einmal, eine Minute lang und nur dort, wofür er gemacht wurde. Fordern Sie in der Konsole einen neuen an.',
  banner: (staff, person, until) =>
    until ? html`${staff} handelt bis ${until} als ${person}.` : html`${staff} handelt als ${person}.`,
  end: 'Beenden',
  endedTitle: 'Sie handeln nicht mehr im Namen einer anderen Person',
  ended: 'Die Sitzung ist beendet. Dieser Browser ist hier nicht mehr angemeldet.',
  support: 'Support',
  session: (staff) => `Der Support (${staff}) handelt in Ihrem Namen`,
  acted: (staff) => `Support (${staff})`,
  because: (reason) => `Grund: ${reason}`,
  fromTo: (from, to) => html`von ${from} bis ${to}`,
  listTitle: 'Support, der in Ihrem Namen handelte',
  mail: {
    subject: (brand) => `Der Support handelt bei ${brand} in Ihrem Namen`,
    title: 'Der Support handelt in Ihrem Namen',
    what: (brand, email) =>
      `Jemand von den Betreibern von ${brand} benutzt für kurze Zeit Ihr Konto (${email}), um bei einer Frage zu helfen.`,
    who: 'Wer',
    from: 'Von',
    until: 'Bis spätestens',
    reason: 'Grund',
    support: 'Support',
    cannot:
      'Zu sehen ist, was auch Sie sehen. Profil, Adresse, Sitzungen und Organisationen können dabei nicht geändert werden.',
    notYou:
      'Wenn Sie nicht um Hilfe gebeten haben: Beenden Sie auf Ihrer Kontoseite alle Sitzungen und schreiben Sie den Betreibern.',
    button: 'Zum Konto',
  },
}
