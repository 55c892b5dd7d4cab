import { type Html, html } from '../../../../platform/html/html.ts'

export const account = {
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
    count === 1 ? 'Nothing was saved: one entry needs a change.' : `Nothing was saved: ${count} entries need a change.`,
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
}
