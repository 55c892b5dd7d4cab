import { type Html, html } from '../../../../platform/html/html.ts'

export const signOut = {
  title: (brand: string) => `Sign out of ${brand}?`,
  lede: (email: string | null) =>
    email
      ? html`You are signed in as <strong>${email}</strong> in this browser.`
      : html`You are signed in in this browser.`,
  submit: 'Sign out',
  stay: 'Stay signed in',
  others: 'Other browsers stay signed in.',
  manage: 'See all of them',
  doneTitle: 'You are signed out',
  done: (brand: string) => `This browser no longer has a session with ${brand}.`,
  doneEverywhere: 'Every session was ended, in this browser and elsewhere.',
  donePending: (since: Html | null) =>
    since
      ? html`This browser is signed out, and that stays so. The database has not answered since ${since}; the sign-out is written down and reaches it when it returns.`
      : html`This browser is signed out, and that stays so. The database does not answer; the sign-out is written down and reaches it when it returns.`,
  again: 'Sign in again',
}
