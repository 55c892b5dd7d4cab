import { type Reason, reasons } from '../../../../sdk/contract.ts'
import { type Html, html } from '../../../platform/html/html.ts'

/** Every text of the hosted pages and the mails, in English. The voice: what is, since when, what to do. */
export const english = {
  language: 'en',
  /** How dates and numbers are written; the time zone is the reader's own. */
  formatting: 'en-GB',

  common: {
    errorTitle: (title: string) => `Error: ${title}`,
    pageTitle: (title: string, brand: string) => (title.includes(brand) ? title : `${title} · ${brand}`),
    email: 'E-mail',
    tryAgain: 'Try again',
    copy: 'Copy',
    copied: 'Copied',
    utc: (time: string) => `${time} UTC`,
    /** The word that stands beside each mark: state is never told by colour alone. */
    states: { ok: 'Working', degraded: 'Degraded', failing: 'Failing', unknown: 'Not known' },
  },

  ago: {
    now: 'just now',
    minutes: (count: number) => `${count} min ago`,
    hours: (count: number) => `${count} h ago`,
    days: (count: number) => (count === 1 ? 'yesterday' : `${count} days ago`),
  },
  span: {
    seconds: (count: number) => `${count} s`,
    minutes: (count: number) => `${count} min`,
    hours: (count: number) => `${count} h`,
  },

  signIn: {
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
  },

  code: {
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
  },

  link: {
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
  },

  account: {
    title: 'Your account',
    signedInAs: (email: string) => html`Signed in as <strong>${email}</strong>`,
    saved: 'Saved.',
    profile: 'Profile',
    profilePurpose: (brand: string) => `What ${brand} shows of you.`,
    name: 'Name',
    picture: 'Picture URL',
    pictureHint: 'An address that begins with https://',
    locale: 'Language and region',
    timeZone: 'Time zone',
    notSet: 'Not set',
    zoneNow: (time: string) => `It is ${time} there now.`,
    save: 'Save profile',
    errors: {
      name_too_long: 'A name has 120 characters at most.',
      name_invalid: 'A name has no line breaks and no control characters.',
      picture_invalid: 'The picture needs a whole address that begins with https://, 2 048 characters at most.',
      locale_invalid: 'Choose a language from the list.',
      time_zone_invalid: 'Choose a time zone from the list.',
    },
    errorSummary: (count: number) =>
      count === 1
        ? 'Nothing was saved: one entry needs a change.'
        : `Nothing was saved: ${count} entries need a change.`,
    sessions: 'Where you are signed in',
    sessionsPurpose: 'Every browser that is signed in as you. End one that you do not know.',
    thisBrowser: 'This browser',
    signedIn: (at: Html) => html`Signed in ${at}`,
    lastSeen: (at: Html) => html`Last seen ${at}`,
    endSession: 'End this session',
    /** For those who hear the buttons one after the other; it begins with what is seen, so that it can be spoken to. */
    endSessionOf: (device: string) => `End this session: ${device}`,
    onlyOne: 'You are signed in here only.',
    endedTitle: 'Ended in the last 30 days',
    endedNone: 'No session has ended in the last 30 days.',
    endedAt: (at: Html) => html`Ended ${at}`,
    sessionsUnknown: (since: Html | null) =>
      since
        ? html`Your sessions are not known at the moment: the database has not answered since ${since}. Nobody is signed out by that.`
        : html`Your sessions are not known at the moment: the database does not answer. Nobody is signed out by that.`,
    knownBy: (source: string, age: string) => `That it is you is known from ${source}, confirmed ${age} ago.`,
    sources: {
      database: 'the database',
      cache: 'the memory of Holdfast',
      proof: 'a signed proof in your browser',
      grace: 'a signed proof in your browser that is past its time',
    },
    cannotSave: 'Not possible until the database answers again.',
    more: (count: number) => `${count} more are not shown.`,
    everywhere: 'Sign out everywhere',
    everywherePurpose: 'Ends every session above, this one too. You need a new code to get in again.',
    signOut: 'Sign out',
    back: (brand: string) => `Back to ${brand}`,
  },

  signOut: {
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
  },

  enrol: {
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
  },

  unavailable: {
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
  },

  tooMany: {
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
  },

  refusals: {
    notFoundTitle: 'There is no such page',
    notFound: 'The address may have been cut or mistyped. Start again from the app you came from.',
    returnToTitle: 'This sign-in would lead to a place that is not allowed',
    returnTo: (target: string | null) =>
      target
        ? html`It asked to go on to <code>${target}</code>, which is not registered here. Start again from the app you came from.`
        : html`It asked to go on to an address that is not registered here. Start again from the app you came from.`,
    crossSiteTitle: 'This request came from another site',
    crossSite: 'It was refused and nothing was changed. Open the page here and press the button again.',
    forbiddenTitle: 'This account may not do that',
    forbidden: 'It needs an administrator of this installation.',
    toSignIn: 'Go to sign-in',
    code: 'For support',
  },

  mailbox: {
    title: 'Development mail',
    lede: 'Mails of this installation end here and go nowhere else: no SMTP server is set. The newest 200 are kept.',
    none: 'No mail yet. Ask for a code on the sign-in page and it appears here.',
    toSignIn: 'Open the sign-in page',
    reload: 'Reload',
    back: 'All mails',
    columns: { at: 'When', to: 'To', subject: 'Subject', code: 'Code' },
    from: 'From',
    to: 'To',
    at: 'When',
    text: 'Text part',
    source: 'HTML part, as source',
    noText: 'This mail has no text part.',
    openLink: 'Open the link',
    gone: 'This mail is not in the folder: only the newest 200 are kept.',
    more: (count: number) => `${count} older ones are not shown.`,
  },

  reasons: reasons as Record<Reason, string>,

  /** `Chrome on Windows`; both may be missing. */
  device: (browser: string | null, system: string | null) =>
    browser && system
      ? `${browser} on ${system}`
      : (browser ?? (system ? `a browser on ${system}` : 'an unknown browser')),

  /** Plain strings only: a mail has a text part as well as HTML. */
  mails: {
    /** Mail is read on other devices than the one that asked, so its times are told in UTC unless the zone is known. */
    at: (time: string, zone: string) => `${time} (${zone})`,

    signIn: {
      subject: (code: string, brand: string) => `${code} is your code for ${brand}`,
      linkOnlySubject: (brand: string) => `Your link to sign in to ${brand}`,
      title: (brand: string) => `Sign in to ${brand}`,
      code: 'Type this code on the page where you asked for it:',
      link: 'Or open this link in the same browser:',
      linkOnly: 'Open this link in the browser where you asked for it:',
      button: 'Sign in',
      until: (time: string, minutes: number) => `Both work once, until ${time}: ${minutes} min from the request.`,
      linkUntil: (time: string, minutes: number) => `It works once, until ${time}: ${minutes} min from the request.`,
      asked: (device: string, time: string) => `Asked for in ${device} at ${time}.`,
      notYou:
        'If this was not you, do nothing: without the code or the link nobody gets in. We never ask anybody for a code.',
    },

    newDevice: {
      subject: (brand: string) => `New sign-in to ${brand}`,
      title: 'A browser signed in that you have not used before',
      what: (brand: string, email: string) => `Somebody signed in to ${brand} as ${email}.`,
      where: 'Browser',
      when: 'When',
      address: 'Network address',
      wasYou: 'If this was you, there is nothing to do.',
      notYou: 'If it was not you, end that session now, and secure your mailbox: whoever reads your mail can sign in.',
      button: 'See your sessions',
    },

    firstAdministrator: {
      subject: (brand: string) => `You are the first administrator of ${brand}`,
      title: 'You are the first administrator',
      what: (brand: string, environment: string, email: string) =>
        `${email} was enrolled as an administrator of ${brand} (environment ${environment}).`,
      asked: (device: string, time: string) => `Enrolled in ${device} at ${time}.`,
      next: 'In the console you see the state of every dependency, users and sessions.',
      button: 'Open the console',
      notYou:
        'If this was not you, somebody else holds the enrolment link of your installation: stop it and look at who may read its output.',
    },
  },
}
