export const rescue = {
  title: 'Sign in with the code that you were given',
  lede: 'For administrators of an organisation who cannot sign in as usual, and were given a code by the people who run this product.',
  code: 'Code',
  hint: 'Sixteen letters and digits. Dashes and small letters do not matter.',
  submit: 'Sign in',
  wrong: 'This address and this code do not belong together, or the code was used or has run out. Ask for a new one.',
  doneTitle: 'You are signed in',
  done: (organization: string) => `You act for ${organization}.`,
  until: 'This way in is open until',
  cannot: 'You cannot change how you sign in, your address, roles, or how your organisation signs in.',
  one: 'You cannot act for another organisation.',
  told: 'Everybody who manages your organisation is told by mail.',
  goOn: 'Go on',
  mail: {
    subject: (organization: string) => `Your way back into ${organization}`,
    title: 'A code to sign in with, once',
    what: (organization: string, minutes: number) =>
      `You asked for a way back into ${organization}. Type this code, with your address, within ${minutes} minutes. It works once.`,
    code: 'Code',
    until: 'Works until',
    notYou: 'You did not ask for it? Then type it nowhere, and tell the people who run this product at once.',
    button: 'Open the page',
  },
  news: {
    issued: {
      subject: (organization: string) => `A way in for ${organization} was made`,
      title: 'Somebody of yours is let in past the usual sign-in',
      what: (person: string, organization: string) =>
        `The people who run this product made a code by which ${person} can sign in once and act for ${organization}.`,
    },
    used: {
      subject: (organization: string) => `A way in for ${organization} was used`,
      title: 'Somebody of yours was let in past the usual sign-in',
      what: (person: string, organization: string) =>
        `${person} signed in with a code that was made for it, and acts for ${organization} for an hour at most.`,
    },
    who: 'Made by',
    administrator: 'An administrator',
    reason: 'Why',
    handOver: 'Handed over',
    handOvers: { mail: 'by mail to their own address', voice: 'by voice' },
    when: 'When',
    address: 'Network address',
    next: 'If none of you asked for this, tell the people who run this product at once.',
    button: 'Open your account',
  },
}
