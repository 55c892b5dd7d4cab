import { type Html, html } from '../../../../platform/html/html.ts'

/** Support that acts in somebody's name. */
export const impersonation = {
  title: 'Act in somebody’s name',
  lede: (staff: string, person: string) =>
    html`You, <strong>${staff}</strong>, are going to act as <strong>${person}</strong>.`,
  because: 'Reason',
  howLong: 'For',
  minutes: (minutes: number) => (minutes === 1 ? '1 minute, in this browser' : `${minutes} minutes, in this browser`),
  cannot: 'You see what they see. You cannot change their profile, address, sessions or organisations.',
  cannotSave: 'Support cannot change this.',
  noted: 'What you do is noted under both names.',
  told: 'They see it on their account page, and are told by mail unless that is switched off here.',
  replaces: 'If you are signed in here as yourself, that session ends.',
  submit: (person: string) => `Act as ${person}`,
  overTitle: 'This link no longer works',
  over: 'It works once, for one minute, and only in the app it was made for. Make a new one in the console.',
  banner: (staff: string, person: string, until: Html | null) =>
    until ? html`${staff} acts as ${person} until ${until}.` : html`${staff} acts as ${person}.`,
  end: 'Stop acting as them',
  endedTitle: 'You no longer act as somebody else',
  ended: 'The session has ended. This browser is signed in to nothing here.',
  support: 'Support',
  session: (staff: string) => `Support (${staff}) acts as you`,
  acted: (staff: string) => `Support (${staff})`,
  reason: (reason: string) => `Reason: ${reason}`,
  fromTo: (from: Html, to: Html) => html`From ${from} to ${to}`,
  listTitle: 'Support that acted as you',
  mail: {
    subject: (brand: string) => `Support is acting in your name at ${brand}`,
    title: 'Support is acting in your name',
    what: (brand: string, email: string) =>
      `One of the people who run ${brand} is using your account (${email}) for a short time, to help with a question.`,
    who: 'Who',
    from: 'From',
    until: 'Until, at the latest',
    reason: 'Reason',
    support: 'Support',
    cannot: 'They see what you see. They cannot change your profile, address, sessions or organisations.',
    notYou: 'If you did not ask for help, end all sessions on your account page, and write to the people who run it.',
    button: 'See your account',
  },
}
