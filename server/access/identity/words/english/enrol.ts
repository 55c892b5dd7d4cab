import { type Html, html } from '../../../../platform/html/html.ts'

export const enrol = {
  title: 'Become the first administrator',
  lede: (brand: string) =>
    `This link makes one person an administrator of ${brand}. That person then signs in with a code, without a password.`,
  until: (time: Html) => html`The link works once, until ${time}.`,
  label: 'Your e-mail',
  submit: 'Send code',
  doneTitle: 'You are the first administrator',
  done: (email: string) => html`<strong>${email}</strong> may now enter the console, and make others administrators.`,
  toConsole: 'Open the console',
  spentTitle: 'This enrolment link no longer works',
  spent:
    'It was used, or its 15 minutes are over. While there is no administrator, a restart of Holdfast prints a new one.',
}
