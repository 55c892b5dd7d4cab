import { type Html, html } from '../../../../platform/html/html.ts'

export const emailChange = {
  title: 'Change your e-mail address',
  lede: (email: string) => html`It is <strong>${email}</strong> now. Codes and links to sign in go there.`,
  label: 'New e-mail address',
  hint: 'A code is sent there, to show that you read it. Until you type it, nothing changes.',
  send: 'Send code',
  same: 'This is your address already.',
  changed: 'Changed. All other sessions were ended, and both addresses get a mail about it.',
  codeTitle: 'Type the code',
  codeLede: (email: string) => html`We sent a mail with a code to <strong>${email}</strong>. Leave this page open.`,
  codeLabel: 'Code',
  until: (at: Html) => html`It works until ${at}, in this browser only.`,
  confirm: 'Change the address',
  another: 'Use another address',
  again: 'Ask for a new code',
  errors: {
    wrong: 'This code is not right. Use the newest mail.',
    malformed: 'A code has six digits.',
    expired: 'This code does not work any more. Ask for a new one.',
    spent: 'There were too many wrong codes. Ask for a new one.',
  },
  attempts: (left: number) => (left === 1 ? 'One attempt is left.' : `${left} attempts are left.`),
  proveTitle: 'Use this address for your account?',
  proveLede: (email: string) =>
    html`<strong>${email}</strong> becomes the address of the account. Codes and links to sign in go there, and every session of the account ends.`,
  prove: 'Use this address',
  proven: 'The address was changed',
  provenLede: (email: string) => html`From now on you sign in with <strong>${email}</strong>.`,
  undoTitle: 'Put the old address back?',
  undoLede: (email: string) =>
    html`The account gets <strong>${email}</strong> back as its address, and every session of it ends: whoever is signed in is signed out. A deletion that was asked for meanwhile is taken back too.`,
  undo: 'It was not me: put it back',
  undone: 'The old address is back',
  undoneLede: (email: string) =>
    html`Sign in with <strong>${email}</strong>. Then look at your profile, and secure your mailbox: whoever reads your mail can sign in.`,
  signIn: 'Go to sign-in',
  spentTitle: 'This link no longer works',
  spent:
    'It was used, has expired, or a newer change took its place. Nothing was changed. If somebody else uses your account, write to the people who run it.',
  mails: {
    code: {
      subject: (code: string, brand: string) => `${code} is your code for your new address at ${brand}`,
      title: 'Your new e-mail address',
      what: (brand: string, email: string) =>
        `Somebody wants ${email} to be the address of their account at ${brand}. Type this code on the page where you asked for it:`,
      until: (time: string) => `It works once, until ${time}.`,
      notYou: 'If this was not you, do nothing: without the code nothing changes. We never ask anybody for a code.',
    },
    link: {
      subject: (brand: string) => `Confirm your new address at ${brand}`,
      title: 'Your new e-mail address',
      what: (brand: string, email: string) => `${brand} was asked to make ${email} the address of your account.`,
      button: 'Confirm the address',
      until: (time: string) => `It works once, until ${time}.`,
      notYou: 'If you do not know about this, do nothing: nothing changes.',
    },
    taken: {
      subject: (brand: string) => `You already have an account at ${brand}`,
      title: 'You already have an account',
      what: (brand: string, email: string) =>
        `Somebody wanted ${email} to be the address of another account at ${brand}. It cannot be: it has an account already.`,
      next: 'If it was you, sign in with this address, or delete that account first.',
      button: 'Sign in',
      notYou: 'If it was not you, do nothing. Whoever asked was not told that you have an account.',
    },
    asked: {
      subject: (brand: string) => `Your address at ${brand} is about to change`,
      title: 'Your address is about to change',
      what: (brand: string, email: string) =>
        `The people who run ${brand} were asked to replace ${email} by another address for your account. It changes when the new one is confirmed.`,
      wasYou: 'If you asked for it, there is nothing to do.',
      notYou: 'If not, refuse it here. Every session of your account ends then.',
      button: 'It was not me',
    },
    changed: {
      subject: (brand: string) => `Your address at ${brand} was changed`,
      title: 'Your address was changed',
      what: (brand: string, email: string) =>
        `${email} is no longer the address of your account at ${brand}. You cannot sign in with it any more.`,
      wasYou: 'If this was you, there is nothing to do.',
      notYou: (time: string) =>
        `If it was not, put the old address back until ${time}: no sign-in is needed, and everybody is signed out.`,
      button: 'It was not me: put it back',
    },
    arrived: {
      subject: (brand: string) => `This is now your address at ${brand}`,
      title: 'This is now your address',
      what: (brand: string, email: string) => `From now on you sign in to ${brand} with ${email}.`,
      button: 'See your account',
    },
    undone: {
      subject: (brand: string) => `Your old address at ${brand} is back`,
      title: 'Your old address is back',
      what: (brand: string, email: string) =>
        `${email} is the address of your account at ${brand} again. Every session of it was ended.`,
      next: 'Sign in, look at your profile, and secure your mailbox: whoever reads your mail can sign in.',
      button: 'Sign in',
    },
  },
}
