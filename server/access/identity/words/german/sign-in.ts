import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const signIn: Words['signIn'] = {
  title: (brand) => `Anmelden bei ${brand}`,
  lede: 'Sie erhalten eine E-Mail mit einem Code und einem Link. Ein Passwort gibt es nicht.',
  freshTitle: 'Bestätigen Sie, dass Sie es sind',
  freshLede: (brand) =>
    `${brand} bittet Sie, sich noch einmal anzumelden, bevor es weitergeht. Sie bleiben so lange angemeldet.`,
  send: 'Code senden',
  mailAway: (since) =>
    html`Seit ${since} konnte keine E-Mail verschickt werden. Ein Code kommt, sobald wieder ein Mailserver antwortet.`,
  ended: (at, why) => (at ? html`Sie wurden abgemeldet: ${at}. ${why}` : html`Sie sind abgemeldet. ${why}`),
  errors: {
    missing: 'Geben Sie Ihre E-Mail-Adresse ein.',
    invalid: 'Das ist keine E-Mail-Adresse. Sie braucht einen Namen, ein @ und eine Domain, wie in ana@acme.test.',
    too_long: 'Diese Adresse ist zu lang: höchstens 254\u00a0Zeichen.',
  },
}
