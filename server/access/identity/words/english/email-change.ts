import { type Html, html } from '../../../../platform/html/html.ts'

export const emailChange = {
  title: 'Change your e-mail address',
  lede: (email: string) => html`Your address is <strong>${email}</strong>. Codes and links to sign in go there.`,
  label: 'New e-mail address',
  hint: 'A code is sent there, to make sure that it is yours. Nothing changes until you enter it.',
  send: 'Send code',
  same: 'This is your address already.',
  changed: 'Changed. All other sessions were ended, and both addresses get a mail about it.',
  codeTitle: 'Enter the code',
  codeLede: (email: string) =>
    html`A mail with a code of 6 digits is on its way to <strong>${email}</strong>. Leave this page open.`,
  codeLabel: 'Code',
  until: (at: Html) => html`The code works until ${at}, in this browser only.`,
  confirm: 'Change address',
  another: 'Use another address',
  again: 'Ask for a new code',
  errors: {
    wrong: 'This code is not right. If you have several mails, use the newest.',
    malformed: 'The code has 6 digits, nothing else.',
    expired: 'It has expired, so what you typed was not checked. Ask for a new one.',
    spent: 'There were too many wrong attempts. Ask for a new one.',
  },
  attempts: (left: number) => (left === 1 ? 'One attempt is left.' : `${left} attempts are left.`),
  proveTitle: 'Use this address for your account?',
  proveLede: (email: string) =>
    html`<strong>${email}</strong> becomes the address of the account. Codes and links to sign in go there from then on, and every session of the account ends.`,
  prove: 'Use this address',
  proven: 'The address was changed',
  provenLede: (email: string) => html`From now on you sign in with <strong>${email}</strong>.`,
  undoTitle: 'Put the old address back?',
  undoLede: (email: string) =>
    html`The account gets <strong>${email}</strong> back as its address, and every session of it ends: whoever is signed in is signed out. If the account was going to be deleted meanwhile, it is kept.`,
  undo: 'Put the old address back',
  undone: 'The old address is back',
  undoneLede: (email: string) =>
    html`Sign in with <strong>${email}</strong>. Then check your profile, and secure your mailbox: whoever reads your mail can sign in.`,
  signIn: 'Go to sign-in',
  spentTitle: 'This link no longer works',
  spent:
    'It was used, has expired, or a newer change took its place. Nothing was changed. If somebody else is using your account, write to the people who run it.',
  mails: {
    code: {
      subject: (code: string, brand: string) => `${code} is your code for your new address at ${brand}`,
      title: 'Your new e-mail address',
      what: (brand: string, email: string) =>
        `${email} is to become the address of an account at ${brand}. Type this code on the page where you asked for it:`,
      until: (time: string) => `It works once, until ${time}.`,
      notYou: 'If this was not you, do nothing: without the code nothing changes. We never ask anybody for a code.',
    },
    link: {
      subject: (brand: string) => `Confirm your new address at ${brand}`,
      title: 'Your new e-mail address',
      what: (brand: string, email: string) => `${email} is to become the address of your account at ${brand}.`,
      button: 'Confirm the address',
      until: (time: string) => `The link works once, until ${time}.`,
      notYou: 'If you do not know about this, do nothing: nothing changes.',
    },
    taken: {
      subject: (brand: string) => `You already have an account at ${brand}`,
      title: 'You already have an account',
      what: (brand: string, email: string) =>
        `${email} was to become the address of another account at ${brand}. That is not possible: this address has an account already.`,
      next: 'If it was you, sign in with this address, or delete that account first.',
      button: 'Sign in',
      notYou: 'If it was not you, do nothing. Whoever asked was not told that you have an account.',
    },
    asked: {
      subject: (brand: string) => `Your address at ${brand} is about to change`,
      title: 'Your address is about to change',
      what: (brand: string, email: string) =>
        `The people who run ${brand} were asked to replace ${email} by another address for your account. It changes as soon as the new one is confirmed.`,
      wasYou: 'If you asked for it, there is nothing to do.',
      notYou: 'If you did not, refuse it. Every session of your account then ends.',
      button: 'Refuse the change',
    },
    changed: {
      subject: (brand: string) => `Your address at ${brand} was changed`,
      title: 'Your address was changed',
      what: (brand: string, email: string) =>
        `${email} is no longer the address of your account at ${brand}. You cannot sign in with it any more.`,
      wasYou: 'If this was you, there is nothing to do.',
      notYou: (time: string) =>
        `If it was not you, you can put the old address back until ${time}. No sign-in is needed, and every session ends.`,
      button: 'Put the old address back',
    },
    arrived: {
      subject: (brand: string) => `You now sign in to ${brand} with this address`,
      title: 'You now sign in with this address',
      what: (brand: string, email: string) => `From now on you sign in to ${brand} with ${email}.`,
      button: 'See your account',
    },
    undone: {
      subject: (brand: string) => `Your old address at ${brand} is back`,
      title: 'Your old address is back',
      what: (brand: string, email: string) =>
        `${email} is the address of your account at ${brand} again. Every session of it was ended.`,
      next: 'Sign in, check your profile, and secure your mailbox: whoever reads your mail can sign in.',
      button: 'Sign in',
    },
  },
}
