import type { Caller } from './credentials.ts'
import type { Known } from './queries.ts'
import { words } from './seed/size.ts'

/** One way to ask an address. */
export interface Example {
  path: string
  /** What is typical of it, for people. */
  name: string
  params?: Record<string, string>
  query?: Record<string, string>
  as: Caller
  /** A list that has many pages: asked once more far behind the first one. */
  isDeep: boolean
  /** Where it counts at that moment, and bounds how much: more than other answers may take. */
  mayTakeMs?: number
}

type Row = Pick<Example, 'params' | 'query' | 'mayTakeMs'> & { as?: Caller; isDeep?: true }
type Examples = Record<string, Record<string, Row>>

const NOT_OF_PEOPLE = 'flags do not grow with people: at most 20 000, read by their keys'
const BY_LOG = 'the log of flags, read backwards by an index for each way to ask'

/** Addresses that are no page and no list, and lists that do not grow with people. */
export const withoutExample: Readonly<Record<string, string>> = {
  '/v1/flags': NOT_OF_PEOPLE,
  '/v1/flags/{key}': NOT_OF_PEOPLE,
  '/v1/flags/{key}/history': BY_LOG,
  '/v1/flags/changes': BY_LOG,
  '/v1/flags/segments': NOT_OF_PEOPLE,
  '/v1/flags/segments/{key}': NOT_OF_PEOPLE,
  '/v1/flags/diff': 'the state of an instant, folded from the log of flags',
  '/v1/flags/export': 'from memory; of an instant, folded from the log of flags',
  '/v1/flags/trust': 'from memory: it asks no database',
  '/v1/flags/metadata': 'from memory: it asks no database',
  '/v1/feed': 'a stream of events that does not end',
  '/ofrep/v1/event-stream': 'a stream of events that does not end',
  '/v1/flags/snapshot': 'from memory: it asks no database',
  '/v1/flags/fleet': 'one row a process, with the key of its number',
  '/v1/provider-presets': 'from memory: it asks no database',
  '/v1/lockers/{key}': 'one row by its whole primary key, with the key of an application',
}

/** The newest 20 000 of its members, looked at one by one: before somebody saves a policy, and for nobody else. */
const PREVIEW_MS = 2000
const DAY_MS = 24 * 60 * 60_000

/** Every GET address of the API with what it is usually asked; an address without an example fails the run and the test. */
export function examplesOf(known: Known, now: Date): Example[] {
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString()
  const all = {
    ...people(known),
    ...organizations(known),
    ...sessions(known, ago),
    ...waysIn(known),
    ...records(known, ago),
    ...rest(known),
  }
  return Object.entries(all).flatMap(([path, rows]) =>
    Object.entries(rows).map(([name, row]) => ({ path, name, as: 'token' as const, isDeep: false, ...row })),
  )
}

const people = ({ busiest, ordinary, largest, small }: Known): Examples => ({
  '/v1/users': {
    everybody: { isDeep: true },
    'in the console': { as: 'console' },
    'two hundred': { query: { limit: '200' } },
    active: { query: { state: 'active' }, isDeep: true },
    blocked: { query: { state: 'blocked' } },
    deleting: { query: { state: 'deleting' } },
    'a frequent word': { query: { query: words.frequent }, isDeep: true },
    'a frequent beginning': { query: { query: 'a' } },
    'a frequent domain': { query: { query: words.domain } },
    'two words': { query: { query: `${words.frequent} gmail` } },
    'a word of the oldest': { query: { query: words.onlyOld } },
    'a rare word': { query: { query: 'firm77' } },
    'a word of nobody': { query: { query: words.none } },
    'a whole address': { query: { query: 'nobody@gmail.example' } },
    'a frequent word, blocked': { query: { query: words.frequent, state: 'blocked' } },
    'of the largest organisation': { query: { organization_id: largest }, isDeep: true },
    'of a small organisation': { query: { organization_id: small } },
    'a frequent word in the largest organisation': { query: { organization_id: largest, query: words.frequent } },
    'a word of nobody in the largest organisation': { query: { organization_id: largest, query: words.none } },
  },
  '/v1/users/{id}': { 'with many sessions': { params: { id: busiest } }, ordinary: { params: { id: ordinary } } },
  '/v1/users/{id}/sign-in-methods': { ordinary: { params: { id: ordinary } } },
  '/v1/users/{id}/export': {
    ordinary: { params: { id: ordinary } },
    'for people': { params: { id: ordinary }, query: { format: 'html' } },
  },
  '/v1/staff': { all: {} },
  '/v1/break-glass-codes': { all: { as: 'console' } },
  '/v1/impersonations': { all: { isDeep: true }, 'of one person': { query: { user_id: ordinary } } },
  '/v1/search': {
    'a frequent word': { query: { query: words.frequent } },
    'a word of the oldest': { query: { query: words.onlyOld } },
    'a word of nobody': { query: { query: words.none } },
    'an id': { query: { query: ordinary } },
  },
})

const organizations = ({ busiest, largest, small, invitation, membership }: Known): Examples => ({
  '/v1/organizations': {
    all: { isDeep: true },
    active: { query: { state: 'active' } },
    deleting: { query: { state: 'deleting' } },
    'a frequent word': { query: { query: 'labs' }, isDeep: true },
    'two words': { query: { query: 'f labs' } },
    'a word of the oldest': { query: { query: words.onlyOld } },
    'a word of nobody': { query: { query: words.none } },
  },
  '/v1/organizations/{id}': { largest: { params: { id: largest } }, small: { params: { id: small } } },
  '/v1/memberships': {
    'of the largest organisation': { query: { organization_id: largest }, isDeep: true },
    'of a small organisation': { query: { organization_id: small } },
    'of a person': { query: { user_id: busiest } },
  },
  '/v1/memberships/{id}': { one: { params: { id: membership } } },
  '/v1/invitations': {
    all: { isDeep: true },
    open: { query: { state: 'open' } },
    accepted: { query: { state: 'accepted' } },
    revoked: { query: { state: 'revoked' } },
    expired: { query: { state: 'expired' } },
    'of an organisation': { query: { organization_id: largest } },
    'open, of an organisation': { query: { organization_id: largest, state: 'open' } },
    'open, of a small organisation': { query: { organization_id: small, state: 'open' } },
  },
  '/v1/invitations/{id}': { one: { params: { id: invitation } } },
  '/v1/session': { 'of a person': { as: 'person' }, 'of staff': { as: 'console' }, 'of nobody': {} },
  '/v1/forward-auth': { 'of a person': { as: 'person' } },
  '/v1/account/passkeys': { 'of a person': { as: 'person' } },
  '/v1/account/linked-identities': { 'of a person': { as: 'person' } },
  '/v1/account/recovery-codes': { 'of a person': { as: 'person' } },
  '/account/passkeys': { 'of a person': { as: 'person' } },
  '/account/recovery-codes': { 'of a person': { as: 'person' } },
  '/account': { 'with many sessions': { as: 'person' } },
  '/account/organizations': { 'of a person': { as: 'person' } },
  '/account/ended': { 'with many sessions': { as: 'person' } },
  '/sign-in': { 'of nobody': {} },
})

const sessions = (known: Known, ago: (days: number) => string): Examples => {
  const { busiest, ordinary, largest, small, audience } = known
  return {
    '/v1/sessions': {
      live: { isDeep: true },
      'in the console': { as: 'console' },
      ended: { query: { state: 'ended' }, isDeep: true },
      all: { query: { state: 'all' }, isDeep: true },
      'of a person with many': { query: { user_id: busiest, state: 'all' }, isDeep: true },
      'live, of a person with many': { query: { user_id: busiest } },
      'ended, of a person with many': { query: { user_id: busiest, state: 'ended' }, isDeep: true },
      'of a person': { query: { user_id: ordinary, state: 'all' } },
      'of the largest organisation': { query: { organization_id: largest }, isDeep: true },
      'ended, of the largest organisation': { query: { organization_id: largest, state: 'ended' }, isDeep: true },
      'ended, of a small organisation': { query: { organization_id: small, state: 'ended' } },
      'of an audience': { query: { audience }, isDeep: true },
      'ended, of an audience': { query: { audience, state: 'ended' }, isDeep: true },
      'ended, of the console': { query: { audience: 'console', state: 'ended' } },
      'a week': { query: { state: 'all', from: ago(40), to: ago(33) }, isDeep: true },
      'ended, a week': { query: { state: 'ended', from: ago(40), to: ago(33) } },
      'live, of an audience, a week': { query: { audience, from: ago(40), to: ago(33) } },
      'ended, of an audience, a week': { query: { audience, state: 'ended', from: ago(40), to: ago(33) } },
      'of an organisation and an audience, a week': {
        query: { organization_id: largest, audience, state: 'all', from: ago(40), to: ago(33) },
      },
      'of an audience nobody has': { query: { audience: 'app_none', state: 'all' } },
      'long ago': { query: { state: 'all', to: ago(1000) } },
      'one’s own': { as: 'person' },
    },
    '/v1/sessions/{id}': { live: { params: { id: known.session } }, ended: { params: { id: known.ended } } },
    '/v1/session-ends': {
      newest: { query: { at: ago(0) } },
      'a day ago': { query: { at: ago(1) } },
      'two hours, 60 days ago': { query: { at: ago(60), window_min: '60' } },
      'of a person with many': { query: { user_id: busiest } },
      'of a person': { query: { user_id: ordinary } },
      'of a session': { query: { session_id: known.ended } },
      'one’s own': { as: 'person' },
    },
    '/v1/signing-keys': { all: {} },
    '/.well-known/jwks.json': { all: {} },
  }
}

const waysIn = ({ ordinary, largest, small, provider, readied }: Known): Examples => {
  const ofProvider = { params: { provider } }
  const one = { params: { id: provider } }
  return {
    '/v1/providers': { all: {} },
    '/v1/providers/{id}': { one },
    '/v1/providers/{id}/keys': { all: one },
    '/v1/providers/{id}/evidence': { all: { ...one, isDeep: true } },
    '/v1/providers/{id}/history': { all: { ...one, isDeep: true } },
    '/v1/readiness': { all: {} },
    '/v1/readiness/{provider}/organizations': { all: { ...ofProvider, isDeep: true } },
    '/v1/readiness/{provider}/people': {
      all: { ...ofProvider, isDeep: true },
      'who could not': { ...ofProvider, query: { able: 'no' }, isDeep: true },
      'by mail alone': { ...ofProvider, query: { able: 'email' }, isDeep: true },
      'for a rare reason': { ...ofProvider, query: { why: 'closed' }, isDeep: true },
      'who could not, for a rare reason': { ...ofProvider, query: { able: 'no', why: 'closed' } },
      'of the largest organisation': { ...ofProvider, query: { organization_id: largest }, isDeep: true },
      'who could not, of the largest organisation': { ...ofProvider, query: { organization_id: largest, able: 'no' } },
      'of a small organisation': { ...ofProvider, query: { organization_id: readied } },
    },
    '/v1/organizations/{id}/fail-over-preview': {
      'of the largest organisation': { params: { id: largest }, mayTakeMs: PREVIEW_MS },
      'of a small organisation': { params: { id: readied } },
    },
    '/v1/organizations/{id}/sign-in-policy': { largest: { params: { id: largest } }, small: { params: { id: small } } },
    '/v1/fail-over/sign-ins': {
      all: { isDeep: true },
      'of a provider': { query: { provider }, isDeep: true },
      'of the largest organisation': { query: { organization: largest }, isDeep: true },
      'of a small organisation': { query: { organization: small } },
      'of a person': { query: { user: ordinary } },
      'of a provider and the largest organisation': { query: { provider, organization: largest } },
    },
    '/v1/fail-over/refusals': { all: {}, 'of the largest organisation': { query: { organization: largest } } },
    '/v1/fail-over/exercises': { all: { isDeep: true } },
    '/v1/rescues': { all: { isDeep: true }, 'of an organisation': { query: { organization_id: largest } } },
  }
}

const records = (known: Known, ago: (days: number) => string): Examples => {
  const { busiest, ordinary, largest, small } = known
  return {
    '/v1/audit': {
      all: { isDeep: true },
      'of an actor': { query: { actor: busiest }, isDeep: true },
      'of an ordinary actor': { query: { actor: ordinary } },
      'about somebody': { query: { subject: busiest } },
      'a frequent action': { query: { action: 'session.ended' }, isDeep: true },
      'a rare action': { query: { action: 'signing-key.rotated' } },
      'an action that never was': { query: { action: 'user.exported' } },
      'of the largest organisation': { query: { organization_id: largest } },
      'of a small organisation': { query: { organization_id: small } },
      'a day of last year': { query: { from: ago(301), to: ago(300) } },
      'an actor and a frequent action': { query: { actor: busiest, action: 'session.ended' } },
      'an actor and a rare action': { query: { actor: busiest, action: 'signing-key.rotated' } },
      'an actor and a frequent action, a day of last year': {
        query: { actor: busiest, action: 'membership.created', from: ago(301), to: ago(300) },
      },
      'a rare action, a month of last year': {
        query: { action: 'signing-key.rotated', from: ago(330), to: ago(300) },
      },
      'an organisation and a rare action': { query: { organization_id: largest, action: 'signing-key.rotated' } },
      'an ordinary actor, about somebody else': { query: { actor: ordinary, subject: busiest } },
      'before there was anything': { query: { to: ago(1000) } },
    },
    '/v1/audit/{id}': { newest: { params: { id: known.entry } } },
    '/v1/audit/seal': { all: {} },
    '/v1/audit/export': {
      'of an actor, as a table': { query: { actor: ordinary, format: 'csv' } },
      'a rare action': { query: { action: 'signing-key.rotated', format: 'ndjson' } },
    },
    '/v1/statistics': {
      'an hour': { query: { range: 'hour' } },
      'a day': { query: { range: 'day' } },
      'a month': { query: { range: 'month' } },
      'a day of the largest organisation': { query: { range: 'day', organization_id: largest } },
      'a month of the largest organisation': { query: { range: 'month', organization_id: largest } },
      'a month of a small organisation': { query: { range: 'month', organization_id: small } },
    },
    '/v1/overview': { 'in the console': { as: 'console' } },
  }
}

const rest = ({ application, token }: Known): Examples => ({
  '/v1/tokens': {
    all: { query: { state: 'all' }, isDeep: true },
    live: { query: { state: 'live' } },
    expired: { query: { state: 'expired' } },
    revoked: { query: { state: 'revoked' } },
  },
  '/v1/tokens/{id}': { one: { params: { id: token } } },
  '/v1/token': { 'of a program': {} },
  '/v1/applications': { all: { query: { limit: '20' }, isDeep: true }, 'a word': { query: { query: 'product' } } },
  '/v1/applications/{id}': { one: { params: { id: application } } },
  '/v1/backups': { all: {} },
  '/v1/settings': { all: {} },
  '/healthz': { all: {} },
  '/readyz': { all: {} },
  '/metrics': { all: {} },
})
