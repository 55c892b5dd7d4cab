import { getPolicy, setPolicy } from '../fail-over/policy.ts'
import { type Noun, paging } from '../noun.ts'

/** As many rows as one answer has: the counts of a long outage are asked for by organisation. */
const REFUSALS_MAX = 200

/** Counts alone tell nobody what to do, and nobody may take a list that is full for the whole of it. */
function noticeOfRefusals(body: unknown): string | undefined {
  const { data } = body as { data: readonly unknown[] }
  if (data.length === 0) return 'Fail-over kept nobody out within the last 31 days.'
  const more =
    data.length < REFUSALS_MAX ? '' : ` These are the newest ${REFUSALS_MAX}: ask with --organization for all of one.`
  return `Sign-ins of the last 31 days, by the hour. Which policy it was: holdfast fail-over policy get org_…${more}`
}

export const failOver: Noun = {
  summary: 'who gets in while a provider is down, and under which policy',
  help: `An organisation says beforehand what its people may do while its provider is down. A looser policy waits for a day, and never
begins in an outage.

Examples:
  holdfast fail-over sign-ins --provider prv_01jd7s6k2m9q
  holdfast fail-over refusals --organization org_01jd7s6k2m9q
  holdfast fail-over policy get org_01jd7s6k2m9q
  holdfast fail-over policy set org_01jd7s6k2m9q --fail-over passkey,email --seen-within-days 30 --reason "Ticket 4711"
  holdfast fail-over policy set org_01jd7s6k2m9q --file policy.json --dry-run`,
  columns: [
    ['at', 'at'],
    ['user', 'user.email'],
    ['organisation', 'organization.name'],
    ['provider', 'provider.name'],
    ['by', 'method'],
    ['due', 'due_at'],
    ['proved', 'proved_at'],
  ],
  verbs: {
    'sign-ins': {
      line: 'GET /v1/fail-over/sign-ins',
      summary: 'who was let in while a provider was down',
      flags: {
        provider: { means: 'for this provider' },
        organization: { means: 'of this organisation' },
        user: { means: 'of this person' },
        ...paging,
      },
    },
    refusals: {
      line: 'GET /v1/fail-over/refusals',
      summary: 'whom fail-over kept out: how often, of which organisation and why',
      columns: [
        ['hour', 'hour'],
        ['organisation', 'organization_name'],
        ['id', 'organization_id'],
        ['reason', 'reason'],
        ['times', 'count'],
      ],
      list: 'data',
      notice: noticeOfRefusals,
      flags: { organization: { means: 'of this organisation' } },
    },
    exercises: {
      line: 'GET /v1/fail-over/exercises',
      summary: 'whether the fall-back works: sign-ins of a synthetic identity',
      columns: [
        ['at', 'at'],
        ['by', 'method'],
        ['good', 'is_good'],
        ['ms', 'took_ms'],
        ['process', 'process_id'],
        ['detail', 'detail'],
      ],
      flags: paging,
    },
    'policy get': {
      line: 'GET /v1/organizations/{organization}/sign-in-policy',
      summary: 'how its people sign in, and what waits',
      run: getPolicy,
    },
    'policy set': {
      line: 'PUT /v1/organizations/{organization}/sign-in-policy',
      summary: 'change what is given; who could sign in under it is shown first',
      flags: {
        file: { means: 'the whole policy as JSON; - for standard input' },
        provider: { means: 'prv_…, or none' },
        ordinary: { means: 'provider, passkey, email: with commas between', kind: 'list' },
        demands: { means: 'nothing, provider or second-factor' },
        passkeys: { means: 'offered or required' },
        'fail-over': { means: 'passkey, email with commas between; or none', kind: 'list' },
        'seen-within-days': { means: 'only people who came through the provider within so many', kind: 'number' },
        'session-minutes': { means: 'how long such a session lives', kind: 'number' },
        'unknown-opens': { means: 'true: also while it is not known who is down' },
        reason: { means: 'why; those who manage the organisation read it' },
        'dry-run': { means: 'only show who could sign in under it', kind: 'yes' },
      },
      run: setPolicy,
    },
    'policy withdraw': {
      line: 'DELETE /v1/organizations/{organization}/sign-in-policy/waiting',
      summary: 'take back a looser policy that waits',
    },
    rescues: {
      line: 'GET /v1/rescues',
      summary: 'ways in that were made for administrators who were locked out',
      columns: [
        ['id', 'id'],
        ['organisation', 'organization.name'],
        ['user', 'user.email'],
        ['state', 'state'],
        ['by', 'issued_by.name'],
        ['made', 'created_at'],
        ['reason', 'reason'],
      ],
      flags: { organization: { means: 'for this organisation', name: 'organization_id' }, ...paging },
    },
    'withdraw-rescue': { line: 'DELETE /v1/rescues/{id}', summary: 'take one back, and end what it began' },
  },
}
