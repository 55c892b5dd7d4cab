import { type Html, html } from '../../../../platform/html/html.ts'

/** Why was I signed out? */
export const ended = {
  title: 'Why was I signed out?',
  lede: 'Your sessions that have ended, newest first: why, and by whom.',
  none: 'No session of yours has ended within the time for which they are kept.',
  link: 'Why was I signed out?',
  byYou: (device: string | null) => (device ? `By you, from ${device}` : 'By you'),
  byAdministrator: 'By an administrator',
  byProgram: 'By a program of your organisation',
  bySupport: 'By support',
  unused: (days: number) => (days === 1 ? 'Not used for a day' : `Not used for ${days} days`),
  began: (at: Html) => html`Began ${at}`,
  endedAt: (at: Html) => html`Ended ${at}`,
  unusual: 'Far more sessions than usual ended at that time. The people who run this can see it.',
  unknown: (count: number) =>
    count === 1
      ? 'Around that time it could not be told once whether somebody is signed in.'
      : `Around that time it could not be told ${count} times whether somebody is signed in.`,
  liveTitle: 'Sessions that have not ended',
  live: 'If an app asked you to sign in although your session is listed here, you were not signed out: for a moment it was not known whether you are signed in.',
  older: 'Show older ones',
}
