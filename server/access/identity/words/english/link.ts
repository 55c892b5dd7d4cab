import { type Html, html } from '../../../../platform/html/html.ts'

export const link = {
  readyTitle: (brand: string) => `Sign in to ${brand}`,
  readyLede: (email: string) => html`As <strong>${email}</strong>, in this browser.`,
  submit: 'Sign in',
  notYou: 'Did you not ask for this? Close the page: without the button nobody is signed in.',
  elsewhereTitle: 'Type this code in the other browser',
  elsewhereLede: (device: string, at: Html) =>
    html`The sign-in was started in <strong>${device}</strong> ${at}, and it ends there. Type this code on that page:`,
  elsewhereCaution: (host: string) =>
    html`Type it only on <strong>${host}</strong>, and tell it to nobody. If you did not start a sign-in, close this page: nobody is signed in.`,
  elsewhereUntil: (time: Html) => html`The code works until ${time}.`,
  linkOnlyTitle: 'Open this link in the other browser',
  linkOnlyLede: (device: string, at: Html) =>
    html`The sign-in was started in <strong>${device}</strong> ${at}, and this link works only there.`,
  linkOnlyHint: 'Copy the address of the link from the mail and open it in that browser. Here nobody is signed in.',
  spent: {
    used: {
      title: 'This link was already used',
      detail: 'A link signs in once. If you are not signed in where you need it, ask for a new mail.',
    },
    expired: {
      title: 'This link has expired',
      detail: 'A link works for a few minutes only. Ask for a new mail and open it at once.',
    },
    replaced: {
      title: 'There is a newer link',
      detail: 'A newer mail was asked for in the same browser. Open the link in that one.',
    },
    unknown: {
      title: 'This link is not known here',
      detail: 'Mail programs sometimes cut long links. Copy the whole address from the mail, or ask for a new mail.',
    },
  },
  again: 'Ask for a new mail',
}
