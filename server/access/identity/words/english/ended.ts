import { type Html, html } from '../../../../platform/html/html.ts'

/** Why was I signed out? */
export const ended = {
  title: 'Why was I signed out?',
  lede: 'Each session of yours that has ended, why, and who ended it. Newest first.',
  none: 'No session of yours has ended within the time for which they are kept.',
  link: 'Why was I signed out?',
  byYou: (device: string | null) => (device ? `by you, from ${device}` : 'by you'),
  byAdministrator: 'by an administrator',
  byProgram: 'by a program of your organisation',
  bySupport: 'by support',
  byItself: 'by itself',
  unused: (days: number) => (days === 1 ? 'by itself: not used for a day' : `by itself: not used for ${days} days`),
  began: (at: Html) => html`began ${at}`,
  endedAt: (at: Html) => html`ended ${at}`,
  unusual: 'At that time far more sessions ended than usual. The people who run this can see it.',
  unknown: (count: number) =>
    count === 1
      ? 'Around that time one question whether somebody is signed in could not be answered.'
      : `Around that time ${count} questions whether somebody is signed in could not be answered.`,
  liveTitle: 'Sessions that have not ended',
  live: 'If you were asked to sign in although your session is listed here, you were not signed out: whether you are signed in was not known for a moment.',
  back: 'Back to your account',
  older: 'Older ones',
}
