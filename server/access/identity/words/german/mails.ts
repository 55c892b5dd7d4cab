import type { Words } from '../words.ts'

export const mails: Words['mails'] = {
  at: (time, zone) => `${time} (${zone})`,
  signIn: {
    subject: (code, brand) => `${code} ist Ihr Code für ${brand}`,
    linkOnlySubject: (brand) => `Ihr Link zur Anmeldung bei ${brand}`,
    title: (brand) => `Anmelden bei ${brand}`,
    code: 'Geben Sie diesen Code auf der Seite ein, auf der Sie ihn angefordert haben:',
    link: 'Oder öffnen Sie diesen Link im selben Browser:',
    linkOnly: 'Öffnen Sie diesen Link in dem Browser, in dem Sie ihn angefordert haben:',
    button: 'Anmelden',
    until: (time, minutes) => `Beide gelten einmal, bis ${time}: ${minutes}\u00a0Minuten ab der Anforderung.`,
    linkUntil: (time, minutes) => `Er gilt einmal, bis ${time}: ${minutes}\u00a0Minuten ab der Anforderung.`,
    asked: (device, time) => `Angefordert in ${device}, ${time}.`,
    notYou:
      'Wenn Sie das nicht waren, tun Sie nichts: Ohne den Code oder den Link kommt niemand hinein. Wir fragen nie jemanden nach einem Code.',
  },
  newDevice: {
    subject: (brand) => `Neue Anmeldung bei ${brand}`,
    title: 'Anmeldung in einem neuen Browser',
    what: (brand, email) => `Jemand hat sich bei ${brand} als ${email} angemeldet.`,
    where: 'Browser',
    when: 'Zeitpunkt',
    address: 'Netzwerkadresse',
    wasYou: 'Wenn Sie das waren, ist nichts zu tun.',
    notYou:
      'Wenn Sie es nicht waren, beenden Sie diese Sitzung jetzt und sichern Sie Ihr Postfach: Wer Ihre E-Mails liest, kann sich anmelden.',
    button: 'Ihre Sitzungen ansehen',
  },
  firstAdministrator: {
    subject: (brand) => `Sie verwalten jetzt ${brand}`,
    title: 'Sie verwalten jetzt diese Installation',
    what: (brand, environment, email) =>
      `${email} wurde als erstes Konto zur Verwaltung von ${brand} eingetragen (Umgebung ${environment}).`,
    asked: (device, time) => `Eingetragen in ${device}, ${time}.`,
    next: 'In der Konsole sehen Sie den Zustand aller Abhängigkeiten, Konten und Sitzungen.',
    button: 'Konsole öffnen',
    notYou:
      'Wenn Sie das nicht waren, hat jemand anderes den Einrichtungslink Ihrer Installation: Halten Sie sie an und prüfen Sie, wer ihre Ausgabe lesen kann.',
  },
  invitation: {
    subject: (organization, brand) =>
      organization === brand ? `Einladung zu ${brand}` : `Einladung zu ${organization} (${brand})`,
    title: (organization) => `${organization} beitreten`,
    by: (inviter, organization, brand) =>
      `${inviter} lädt Sie ein, ${organization} bei ${brand} beizutreten. Öffnen Sie die Seite, um die Einladung anzusehen und beizutreten.`,
    what: (organization, brand) =>
      `Sie sind eingeladen, ${organization} bei ${brand} beizutreten. Öffnen Sie die Seite, um die Einladung anzusehen und beizutreten.`,
    button: 'Einladung ansehen',
    until: (time) => `Die Einladung kann bis ${time} angenommen werden.`,
    notYou:
      'Wenn Ihnen das nichts sagt, tun Sie nichts: Es wird kein Konto angelegt. Der Link allein lässt niemanden hinein; wer beitritt, muss diese Adresse mit einem Code bestätigen.',
  },
}
