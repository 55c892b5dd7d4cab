import type { Words } from '../words.ts'

export const rescue: Words['rescue'] = {
  title: 'Mit dem Code anmelden, den Sie bekommen haben',
  lede: 'Für alle, die eine Organisation verwalten, sich nicht wie gewohnt anmelden können und von den Betreibern dieses Produkts einen Code bekommen haben.',
  code: 'Code',
  hint: 'Sechzehn Buchstaben und Ziffern. Striche und Kleinschreibung spielen keine Rolle.',
  submit: 'Anmelden',
  wrong:
    'Diese Adresse und dieser Code gehören nicht zusammen, oder der Code wurde benutzt oder ist abgelaufen. Lassen Sie sich einen neuen geben.',
  doneTitle: 'Sie sind angemeldet',
  done: (organization) => `Sie handeln für ${organization}.`,
  until: 'Dieser Zugang ist offen bis',
  cannot:
    'Wie Sie sich anmelden, Ihre Adresse, Rollen und wie Ihre Organisation sich anmeldet, können Sie nicht ändern.',
  one: 'Für eine andere Organisation können Sie nicht handeln.',
  told: 'Alle, die Ihre Organisation verwalten, erfahren es per E-Mail.',
  goOn: 'Weiter',
  mail: {
    subject: (organization) => `Ihr Weg zurück zu ${organization}`,
    title: 'Ein Code, mit dem Sie sich einmal anmelden',
    what: (organization, minutes) =>
      `Sie haben um einen Weg zurück zu ${organization} gebeten. Geben Sie diesen Code innerhalb von ${minutes} Minuten zusammen mit Ihrer Adresse ein. Er gilt einmal.`,
    code: 'Code',
    until: 'Gilt bis',
    notYou:
      'Sie haben nicht darum gebeten? Dann geben Sie ihn nirgends ein und sagen Sie den Betreibern dieses Produkts sofort Bescheid.',
    button: 'Seite öffnen',
  },
  news: {
    issued: {
      subject: (organization) => `Ein Zugang zu ${organization} wurde geschaffen`,
      title: 'Jemand von Ihnen wird an der üblichen Anmeldung vorbei eingelassen',
      what: (person, organization) =>
        `Die Betreiber dieses Produkts haben einen Code geschaffen, mit dem ${person} sich einmal anmelden und für ${organization} handeln kann.`,
    },
    used: {
      subject: (organization) => `Ein Zugang zu ${organization} wurde benutzt`,
      title: 'Jemand von Ihnen wurde an der üblichen Anmeldung vorbei eingelassen',
      what: (person, organization) =>
        `${person} hat sich mit einem dafür geschaffenen Code angemeldet und handelt höchstens eine Stunde lang für ${organization}.`,
    },
    who: 'Geschaffen von',
    administrator: 'Jemandem aus der Verwaltung',
    reason: 'Warum',
    handOver: 'Übergeben',
    handOvers: { mail: 'per E-Mail an die eigene Adresse', voice: 'mündlich' },
    when: 'Wann',
    address: 'Netzadresse',
    next: 'Wenn niemand von Ihnen darum gebeten hat, sagen Sie den Betreibern dieses Produkts sofort Bescheid.',
    button: 'Konto öffnen',
  },
}
