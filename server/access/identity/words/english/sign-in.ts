import { type Html, html } from '../../../../platform/html/html.ts'

export const signIn = {
  title: (brand: string) => `Sign in to ${brand}`,
  lede: 'You get a mail with a code and a link. There is no password.',
  freshTitle: 'Confirm that it is you',
  freshLede: (brand: string) => `${brand} asks you to sign in again before it goes on. You stay signed in meanwhile.`,
  send: 'Send code',
  mailAway: (since: Html) =>
    html`No mail could be sent since ${since}. A code comes as soon as a mail server answers again.`,
  ended: (at: Html | null, why: string) =>
    at ? html`You were signed out ${at}. ${why}` : html`You are signed out. ${why}`,
  errors: {
    missing: 'Enter your e-mail address.',
    invalid: 'This is not an e-mail address. It needs a name, one @ and a domain, as in ana@acme.test.',
    too_long: 'This address is too long: 254 characters at most.',
  },
}
