import { type Html, html } from '../../../../platform/html/html.ts'

export const federation = {
  continueWith: (provider: string) => `Continue with ${provider}`,
  /** Between the address and the buttons below it. */
  or: 'or',
  title: (provider: string) => `Sign in with ${provider}`,
  domain: (domain: string, provider: string) => html`Addresses of <strong>${domain}</strong> sign in with ${provider}.`,
  lede: (provider: string) => `You sign in at ${provider} and come back here.`,
  otherWays: 'Other ways to sign in',
  sendCode: (email: string) => html`Send a code to ${email}`,
  byMail: 'Code by e-mail',
  anyway: (provider: string) => `Try ${provider} anyway`,
  another: 'Use another address',
  checkingTitle: (provider: string) => `${provider} does not answer`,
  checking: (provider: string) =>
    `${provider} did not answer just now, so you were not sent there. If you can, choose another way below.`,
  looksAgain: (seconds: string) => `This page looks again by itself every ${seconds}.`,
  openTitle: (provider: string) => `${provider} is down`,
  open: (provider: string, since: Html) => html`Sign-in with ${provider} has been down since ${since}.`,
  openWays: 'Sign in another way: you reach the same account. Where you are signed in, you stay so.',
  unknownTitle: (provider: string) => `Whether ${provider} can be reached is not known`,
  unknown: (provider: string, since: Html) =>
    html`Since ${since} it has not been known whether ${provider} is down or our own network.`,
  limited: (provider: string) =>
    `${provider} is asked more often just now than it lets us. Your sign-in there may fail at the last step: take another way if you have one, or go on and try again if it fails.`,
  recovering: (provider: string, since: Html) =>
    html`Sign-in with ${provider} was down since ${since}. It answers again, and is watched for a while.`,
  /** On the page for an address, beside the button. */
  downShort: (provider: string, since: Html) =>
    html`Sign-in with ${provider} has been down since ${since}. Send a code instead.`,
  goingTitle: (provider: string) => `On to ${provider}`,
  going: (provider: string) => `You are taken to ${provider}. If nothing happens, press the button.`,
  failedTitle: (provider: string) => `${provider} did not sign you in`,
  denied: (provider: string) =>
    `The sign-in at ${provider} was cancelled, or ${provider} refused it. Nothing has changed here.`,
  refused: (provider: string) =>
    `What ${provider} said of you cannot be trusted as it came, so it was not taken. Begin again; if it happens once more, tell support.`,
  notFresh: (provider: string) =>
    `${provider} did not ask you to sign in anew, or does not say that it did. Confirm who you are in another way.`,
  unreachable: (provider: string) =>
    `You came back from ${provider}, but ${provider} does not confirm at the moment who you are. Try again, or choose another way.`,
  busy: (provider: string) =>
    `So many people come back from ${provider} just now that your sign-in has to wait some seconds. Nothing is lost: press the button.`,
  again: 'Begin again',
  onceMore: 'Go on signing in',
  arrival: {
    title: 'Which address is yours?',
    lede: (provider: string) =>
      `${provider} has said who you are. Type your address; a code goes there, so that nobody else can use it.`,
    send: 'Send a code',
    /** On the page for the code. */
    why: (provider: string) =>
      `With the code, your sign-in with ${provider} is connected to the account of this address. If there is none, it is made.`,
  },
  linked: {
    title: 'Linked identities',
    lede: (brand: string) => `What you can sign in with to ${brand} instead of a code by e-mail.`,
    hint: 'Sign in with an account that you have elsewhere',
    none: 'Nothing is linked to your account.',
    at: (at: Html) => html`Linked ${at}`,
    proved: (at: Html) => html`last used ${at}`,
    as: (name: string) => `as ${name}`,
    closed: {
      invalid_grant: (provider: string) => `${provider} no longer knows it. Signing in with it once opens it again.`,
      'back-channel-logout': (provider: string) =>
        `${provider} has signed it out. Signing in with it once opens it again.`,
      administrator: () => 'Closed for outages by the people who run this product.',
    },
    remove: 'Remove',
    removeAsk: (provider: string) =>
      `You can then no longer sign in with this identity at ${provider}. A code by e-mail goes on working.`,
    removeNow: (provider: string) => `Remove ${provider}`,
    add: 'Link another',
    addHint: 'You sign in there once and come back here.',
    linkWith: (provider: string) => `Link ${provider}`,
    isLinked: 'Linked. You are told by mail as well.',
    isRemoved: 'Removed. You are told by mail as well.',
    cannot: 'Nothing was changed.',
    gone: 'A provider that is no longer set up here',
    down: (provider: string, since: Html) =>
      html`${provider} has been down since ${since}, so nothing can be linked there.`,
  },
  mails: {
    joinsSubject: (code: string, provider: string, brand: string) => `${code} connects ${provider} to ${brand}`,
    joins: (provider: string) =>
      `This code connects a sign-in with ${provider} to the account of this address. If you did not just come from ${provider}, pass it on to nobody.`,
    linked: {
      subject: (provider: string, brand: string) => `${provider} is linked to your account at ${brand}`,
      title: (provider: string) => `${provider} is linked to your account`,
      what: (provider: string, brand: string, email: string) =>
        `From now on you can sign in to the account of ${email} at ${brand} with ${provider}.`,
      wasYou: 'If this was you, there is nothing to do.',
      notYou: 'If it was not you, remove it, and secure your mailbox: whoever reads your mail can sign in.',
      button: 'See what is linked',
    },
    known: {
      subject: (provider: string, brand: string) => `Your account at ${brand} can also be entered with ${provider}`,
      title: (provider: string) => `Your account can also be entered with ${provider}`,
      what: (provider: string, brand: string, email: string) =>
        `You have just proven by a code that ${email} is yours. Before that, the account at ${brand} was made by a sign-in with ${provider}.`,
      wasYou: 'If that was you, there is nothing to do.',
      notYou: 'If it was not you, remove it, and end the sessions and passkeys that you do not know.',
      button: 'See what is linked',
    },
    unlinked: {
      subject: (provider: string, brand: string) => `${provider} is no longer linked to your account at ${brand}`,
      title: (provider: string) => `${provider} is no longer linked`,
      what: (provider: string, brand: string, email: string) =>
        `You can no longer sign in to the account of ${email} at ${brand} with ${provider}. A code by e-mail goes on working.`,
      notYou: 'If it was not you, look at your sessions, end those that you do not know, and secure your mailbox.',
      button: 'See what is linked',
    },
  },
}
