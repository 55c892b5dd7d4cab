import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const signOut: Words['signOut'] = {
  title: (brand) => `Von ${brand} abmelden?`,
  lede: (email) =>
    email
      ? html`Sie sind in diesem Browser als <strong>${email}</strong> angemeldet.`
      : html`Sie sind in diesem Browser angemeldet.`,
  submit: 'Abmelden',
  stay: 'Angemeldet bleiben',
  others: 'Andere Browser bleiben angemeldet.',
  manage: 'Alle ansehen',
  doneTitle: 'Sie sind abgemeldet',
  done: (brand) => `Dieser Browser hat keine Sitzung mehr bei ${brand}.`,
  doneEverywhere: 'Alle Sitzungen wurden beendet, in diesem Browser und anderswo.',
  donePending: (since) =>
    since
      ? html`Dieser Browser ist abgemeldet, und dabei bleibt es. Die Datenbank antwortet seit ${since} nicht; die Abmeldung ist festgehalten und erreicht sie, sobald sie zurück ist.`
      : html`Dieser Browser ist abgemeldet, und dabei bleibt es. Die Datenbank antwortet nicht; die Abmeldung ist festgehalten und erreicht sie, sobald sie zurück ist.`,
  again: 'Wieder anmelden',
}
