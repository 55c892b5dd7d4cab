import { type Html, html } from '../../../../platform/html/html.ts'

export const code = {
  title: 'Enter the code',
  overTitle: 'This code no longer works',
  lede: (email: string) =>
    html`A mail with a code of 6 digits is on its way to <strong>${email}</strong>. The mail also has a link.`,
  until: (time: Html) => html`The code works until ${time}.`,
  label: 'Code',
  automatic: 'It is sent when the sixth digit is typed.',
  submit: 'Sign in',
  attempts: (left: number) => (left === 1 ? 'One attempt is left.' : `${left} attempts are left.`),
  errors: {
    wrong: 'This code is not right. If you have several mails, use the newest.',
    malformed: 'The code has 6 digits, nothing else.',
    expired: 'It has expired, so what you typed was not checked. Send a new one.',
    spent: 'There were too many wrong attempts. Send a new one.',
  },
  resendTitle: 'No mail after a minute?',
  resendHint: (email: string) => html`Look in the spam folder, and check the address: ${email}.`,
  resend: 'Send a new code',
  resendWait: (time: Html) => html`A new code can be sent from ${time}.`,
  /** The script replaces {seconds} once a second. */
  resendCountdown: 'Send a new code (in {seconds} s)',
  another: 'Use another address',
  linkOnlyTitle: 'Open the link in the mail',
  linkOnlyLede: (email: string) =>
    html`A mail is on its way to <strong>${email}</strong>. Open its link in this browser to sign in.`,
  linkOnlyWhy:
    'Many wrong codes were typed for this address today, so in a browser it has not used before only the link works.',
  linkUntil: (time: Html) => html`The link works until ${time}.`,
  resendMail: 'Send a new mail',
  resendMailCountdown: 'Send a new mail (in {seconds} s)',
}
