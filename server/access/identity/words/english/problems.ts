import { type Html, html } from '../../../../platform/html/html.ts'

export const unavailable = {
  title: {
    sign_in: 'Sign-in has to wait a moment',
    account: 'Your account cannot be shown at the moment',
    sign_out: 'The sign-out has to wait a moment',
    enrol: 'The enrolment has to wait a moment',
  },
  cause: {
    database: (since: Html | null) =>
      since ? html`The database has not answered since ${since}.` : html`The database does not answer.`,
    mail: (since: Html | null) => (since ? html`No mail could be sent since ${since}.` : html`No mail can be sent.`),
    overloaded: (since: Html | null) =>
      since
        ? html`More people are signing in than can be served, since ${since}.`
        : html`More people are signing in than can be served.`,
  },
  reassurance: 'Nobody is signed out by this: where you are signed in, you stay so.',
  kept: 'What you typed is kept.',
  retries: (seconds: string) => `This page tries again by itself every ${seconds}.`,
  now: 'Try again now',
}

export const tooMany = {
  title: {
    mails: 'Too many mails to this address',
    codes: 'Too many codes tried',
    requests: 'Too many requests from your network',
  },
  detail: {
    mails:
      'A few mails an hour go to one address, so that nobody can flood it. Look for the newest mail that you have: its code may still work.',
    codes: 'Codes are slowed down after several wrong ones, so that nobody can guess them.',
    requests: 'Requests are slowed down when many come from one place, so that nobody can guess codes.',
  },
  at: (time: Html, span: string) => html`Try again at ${time} (in ${span}). Nothing is locked.`,
  again: 'Back to sign-in',
}

export const refusals = {
  notFoundTitle: 'There is no such page',
  notFound: 'The address may have been cut or mistyped. Start again from the app you came from.',
  returnToTitle: 'This sign-in would lead to an address that is not registered',
  returnTo: (target: string | null) =>
    target
      ? html`It asked to go on to <code>${target}</code>. Start again from the app you came from.`
      : html`Start again from the app you came from.`,
  crossSiteTitle: 'This request came from another site',
  crossSite: 'It was refused and nothing was changed. Open the page here and press the button again.',
  forbiddenTitle: 'This account may not do that',
  forbidden: 'It needs an administrator of this installation.',
  toSignIn: 'Go to sign-in',
  code: 'For support',
}
