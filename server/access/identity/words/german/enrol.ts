import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const enrol: Words['enrol'] = {
  title: 'Erste Administratorin oder erster Administrator werden',
  lede: (brand) =>
    `Dieser Link macht eine Person zur Administratorin oder zum Administrator von ${brand}. Sie meldet sich danach mit einem Code an, ohne Passwort.`,
  until: (time) => html`Der Link gilt einmal, bis ${time}.`,
  label: 'Ihre E-Mail-Adresse',
  submit: 'Code senden',
  doneTitle: 'Sie verwalten jetzt diese Installation',
  done: (email) => html`<strong>${email}</strong> darf nun in die Konsole und kann auch anderen dieses Recht geben.`,
  toConsole: 'Konsole öffnen',
  spentTitle: 'Dieser Einrichtungslink gilt nicht mehr',
  spent:
    'Er wurde benutzt, oder seine 15\u00a0Minuten sind vorbei. Solange niemand die Installation verwaltet, gibt ein Neustart von Holdfast einen neuen aus.',
}
