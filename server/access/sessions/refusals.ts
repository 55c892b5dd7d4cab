import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('sessions', {
  not_signed_in: [401, 'Sign in first.'],
  ended: [401, 'This session has ended: {sentence} Sign in again.'],
  not_administrator: [403, 'This account is not an administrator of this installation. Ask one to make it so.'],
  not_allowed: [403, 'This needs {scope}: {means}. Ask an administrator for a role or a token that has it.'],
  impersonated: [403, 'Support cannot do this in somebody’s name. Ask the person to do it.'],
  failover_session: [
    403,
    'You came in another way because your identity provider was down. Sign in through it when it is back to do this.',
  ],
  one_organization: [403, 'You were let in for one organisation alone. Sign in as usual to act for another.'],
  stale: [403, 'Sign in again to do this: the last sign-in in this browser was more than {max_age_s} s ago.'],
  // Not `not_found`: that is the reason of an invalid session, with another status.
  no_such_session: [404, 'There is no session {id}, or it is not yours.'],
  not_in_organization: [404, 'There is no organisation {id}, or you are not in it.'],
  bad_audience: [400, 'There is no application {audience} to ask about. Give the id of one, or leave it out.'],
  no_such_end: [404, 'There is no session {id} of this kind: it ended more than {days} days ago, or never existed.'],
  reports_too_often: [429, 'A verifier reports once a minute. Keep what you have and try again in {retry_after_s} s.'],
  too_many_verifiers: [
    429,
    'More than {max} processes of this application have reported within the hour; this one is not taken.',
  ],
  bad_cursor: [400, 'This cursor is not one of ours. Begin again without it.'],
})
