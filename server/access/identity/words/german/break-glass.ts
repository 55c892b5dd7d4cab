import type { Words } from '../words.ts'

export const breakGlass: Words['breakGlass'] = {
  title: 'Mit einem gedruckten Code an der Konsole anmelden',
  link: 'Keine E-Mail? Gedruckten Code verwenden',
  lede: 'Für alle, die die Installation verwalten und Codes ausgedruckt haben. Dieser Weg braucht keine E-Mail; jeder Code gilt einmal.',
  code: 'Gedruckter Code',
  hint: 'Sechzehn Buchstaben und Ziffern, wie sie auf Ihrem Blatt stehen. Striche und Kleinschreibung spielen keine Rolle.',
  submit: 'Anmelden',
  wrong:
    'Diese Adresse und dieser Code gehören nicht zusammen, oder der Code wurde schon benutzt. Nehmen Sie den nächsten auf Ihrem Blatt.',
  doneTitle: 'Sie sind angemeldet',
  done: (email, left) =>
    left === 1
      ? `Die Konsole ist für ${email} offen. Auf Ihrem Blatt gilt noch ein Code; streichen Sie den benutzten durch.`
      : `Die Konsole ist für ${email} offen. Auf Ihrem Blatt gelten noch ${left} Codes; streichen Sie den benutzten durch.`,
  few: 'Drucken Sie ein neues Blatt, sobald E-Mails wieder ankommen.',
  mail: {
    subject: (brand) => `Gedruckter Code für die Konsole von ${brand} benutzt`,
    title: 'Jemand hat die Konsole mit einem gedruckten Code geöffnet',
    what: (email, brand) => `Mit einem gedruckten Code von ${email} wurde die Konsole von ${brand} geöffnet.`,
    when: 'Zeitpunkt',
    address: 'Netzwerkadresse',
    left: 'Übrige Codes',
    next: 'Wenn das niemand von Ihnen war, beenden Sie die Sitzung in der Konsole und drucken Sie neue Codes: Wer das Blatt hat, kann den nächsten benutzen.',
    button: 'Konsole öffnen',
  },
}
