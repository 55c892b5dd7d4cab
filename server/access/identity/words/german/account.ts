import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const account: Words['account'] = {
  title: 'Ihr Konto',
  signedInAs: (email) => html`Angemeldet als <strong>${email}</strong>`,
  saved: 'Gespeichert.',
  profile: 'Profil',
  profilePurpose: (brand) => `Was ${brand} von Ihnen zeigt.`,
  name: 'Name',
  picture: 'Adresse des Bildes',
  pictureHint: 'Eine Adresse, die mit https:// beginnt',
  locale: 'Sprache und Region',
  timeZone: 'Zeitzone',
  notSet: 'Nicht festgelegt',
  zoneNow: (time) => `Dort ist es jetzt ${time}.`,
  save: 'Profil speichern',
  errors: {
    name_too_long: 'Ein Name hat höchstens 120\u00a0Zeichen.',
    name_invalid: 'Ein Name enthält keine Zeilenumbrüche und keine Steuerzeichen.',
    picture_invalid:
      'Das Bild braucht eine ganze Adresse, die mit https:// beginnt, mit höchstens 2\u202f048\u00a0Zeichen.',
    locale_invalid: 'Wählen Sie eine Sprache aus der Liste.',
    time_zone_invalid: 'Wählen Sie eine Zeitzone aus der Liste.',
  },
  errorSummary: (count) =>
    count === 1
      ? 'Nichts wurde gespeichert: Eine Angabe muss geändert werden.'
      : `Nichts wurde gespeichert: ${count}\u00a0Angaben müssen geändert werden.`,
  sessions: 'Wo Sie angemeldet sind',
  sessionsPurpose: 'Jeder Browser, der als Sie angemeldet ist. Beenden Sie eine Sitzung, die Sie nicht kennen.',
  thisBrowser: 'Dieser Browser',
  signedIn: (at) => html`Angemeldet: ${at}`,
  lastSeen: (at) => html`Zuletzt gesehen: ${at}`,
  endSession: 'Sitzung beenden',
  endSessionOf: (device) => `Sitzung beenden: ${device}`,
  onlyOne: 'Sie sind nur hier angemeldet.',
  endedTitle: 'In den letzten 30\u00a0Tagen beendet',
  endedNone: 'In den letzten 30\u00a0Tagen wurde keine Sitzung beendet.',
  endedAt: (at) => html`Beendet: ${at}`,
  sessionsUnknown: (since) =>
    since
      ? html`Ihre Sitzungen sind im Augenblick nicht bekannt: Die Datenbank antwortet seit ${since} nicht. Dadurch wird niemand abgemeldet.`
      : html`Ihre Sitzungen sind im Augenblick nicht bekannt: Die Datenbank antwortet nicht. Dadurch wird niemand abgemeldet.`,
  knownBy: (source, age) => `Dass Sie es sind, ist durch ${source} bekannt (bestätigt vor ${age}).`,
  sources: {
    database: 'die Datenbank',
    cache: 'den Speicher von Holdfast',
    proof: 'einen signierten Nachweis in Ihrem Browser',
    grace: 'einen signierten Nachweis in Ihrem Browser, dessen Zeit abgelaufen ist',
  },
  cannotSave: 'Erst wieder möglich, wenn die Datenbank antwortet.',
  more: (count) => `${count} weitere werden nicht gezeigt.`,
  everywhere: 'Überall abmelden',
  everywherePurpose:
    'Beendet alle Sitzungen oben, auch diese. Sie brauchen einen neuen Code, um wieder hineinzukommen.',
  signOut: 'Abmelden',
  back: (brand) => `Zurück zu ${brand}`,
}
