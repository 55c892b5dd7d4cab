/**
 * A small company as the double of access tells it: people, their sessions, keys and changes. The same on every run,
 * but for the clock.
 */
import type { Reason } from '@holdfast/sdk/contract'
import type { Application } from '../app/api/wire/applications.ts'
import type { AuditEntry, AuditSeal } from '../app/api/wire/audit.ts'
import type { Backups, CodeSet, StaffMember } from '../app/api/wire/installation.ts'
import type { Invitation, Membership, Organization } from '../app/api/wire/organizations.ts'
import type { StaffRole } from '../app/api/wire/scopes.ts'
import type { Impersonation } from '../app/api/wire/sessions.ts'
import type { Token } from '../app/api/wire/tokens.ts'
import type { Change, Dependency, SessionRow, SigningKey, User } from '../app/api/wire.ts'
import { makeApplications, makeTokens } from './world/applications.ts'
import { makeAudit } from './world/audit.ts'
import { makeImpersonations } from './world/ends.ts'
import { type FailOverWorld, makeFailOver } from './world/fail-over.ts'
import { type FlagsWorld, makeFlags } from './world/flags.ts'
import { type Ago, idOf } from './world/ids.ts'
import { makeBackups, makeStaff } from './world/installation.ts'
import { makeCustomers } from './world/organizations.ts'
import { makeProviders, type ProvidersWorld } from './world/providers.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export interface World extends ProvidersWorld {
  startedAt: string
  self: { user: string; session: string; role: StaffRole }
  users: User[]
  sessions: SessionRow[]
  keys: SigningKey[]
  changes: Change[]
  dependencies: Dependency[]
  organizations: Organization[]
  memberships: Membership[]
  invitations: Invitation[]
  applications: Application[]
  tokens: Token[]
  audit: AuditEntry[]
  seal: AuditSeal
  staff: StaffMember[]
  codeSets: CodeSet[]
  impersonations: Impersonation[]
  backups: Backups
  flags: FlagsWorld
  failOver: FailOverWorld
}

const people = [
  'Ana Duarte',
  'Bram de Wit',
  'Chiara Rossi',
  'Dmitri Volkov',
  'Elif Yılmaz',
  'Femke Jansen',
  'Grace Okafor',
  'Hiro Tanaka',
  'Ingrid Solberg',
  'João Pereira',
  'Kwame Mensah',
  'Lena Hoffmann',
  'Mateo García',
  'Nadia Benali',
  'Oskar Lindqvist',
  'Priya Raman',
  'Quentin Moreau',
  'Rosa Delgado',
  'Søren Dahl',
  'Tomáš Novák',
  'Uma Iyer',
  'Viktor Horváth',
  'Wanjiru Kamau',
  'Xin Li',
  'Yusuf Demir',
  'Zofia Nowak',
]

const devices = [
  ['Firefox 146 on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0'],
  [
    'Chrome 156 on Windows',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  ],
  [
    'Safari 20 on iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 20_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.1 Mobile/15E148 Safari/604.1',
  ],
  [
    'Chrome 156 on macOS',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  ],
] as const

const endings = ['signed_out', 'revoked', 'idle', 'replaced', 'signed_out_everywhere', 'expired'] satisfies Reason[]

/** More than three pages, so that paging has something to page. */
const USERS = 64

export function makeWorld(nowMs: number): World {
  const ago = (ms: number) => new Date(nowMs - ms).toISOString()
  const users = Array.from({ length: USERS }, (_, index) => makeUser(index, ago))
  const sessions = users.flatMap((user, index) => makeSessions(user, index, ago))
  const [self] = users
  const customers = makeCustomers(users, ago)
  const providers = makeProviders(ago)
  sessions[0]!.is_current = true
  sessions[0]!.audience = 'console'
  for (const user of users) user.live_sessions = liveOf(sessions, user.id).length
  return {
    startedAt: ago(9 * DAY_MS + 4 * HOUR_MS),
    self: { user: self!.id, session: sessions[0]!.id, role: 'administrator' },
    users,
    sessions,
    ...customers,
    ...providers,
    failOver: makeFailOver({ users, ...customers, ...providers }, ago),
    applications: makeApplications(ago),
    tokens: makeTokens(self!.id, ago),
    ...makeAudit(users, ago),
    ...makeStaff(users, ago),
    impersonations: makeImpersonations(users, ago),
    backups: makeBackups(ago),
    flags: makeFlags(self!.id, users[1]!.id, ago),
    keys: makeKeys(ago),
    changes: [
      {
        at: ago(12 * MINUTE_MS),
        text: 'All sessions of bram.de.wit@acme.test ended by ana.duarte@acme.test',
        kind: 'session',
      },
      { at: ago(2 * HOUR_MS), text: 'Signing key rotated by schedule', kind: 'signing_key' },
      { at: ago(5 * HOUR_MS), text: 'chiara.rossi@acme.test made an administrator', kind: 'administrator' },
      { at: ago(26 * HOUR_MS), text: 'Application Acme Notes registered', kind: 'application' },
      { at: ago(9 * DAY_MS), text: 'Access 0.1.0 started', kind: 'start' },
    ],
    dependencies: [
      {
        name: 'database',
        state: 'ok',
        since: ago(9 * DAY_MS),
        age_ms: 640,
        detail: 'PostgreSQL 18.4 commits on a fresh connection in 3 ms.',
      },
      { name: 'mail A', state: 'ok', since: ago(3 * DAY_MS), age_ms: 4200, detail: 'smtp.acme.test accepts mail.' },
      { name: 'mail B', state: 'ok', since: ago(9 * DAY_MS), age_ms: 4900, detail: 'smtp.backup.test accepts mail.' },
      {
        name: 'feed',
        state: 'ok',
        since: ago(9 * DAY_MS),
        age_ms: 900,
        detail: '3 verifiers follow, the slowest 40 ms behind.',
      },
      {
        name: 'providers',
        state: 'ok',
        since: ago(2 * DAY_MS),
        age_ms: 700,
        detail: 'Nothing speaks against the 4 identity providers.',
      },
      {
        name: 'flags',
        state: 'ok',
        since: ago(9 * DAY_MS),
        age_ms: 700,
        detail: 'The tables are those that are served. 8 flags of e3.s1891 are served.',
      },
    ],
  }
}

export function emptyWorld(nowMs: number): World {
  const full = makeWorld(nowMs)
  return {
    ...full,
    users: [],
    sessions: [],
    keys: [],
    changes: [],
    organizations: [],
    memberships: [],
    invitations: [],
    applications: [],
    tokens: [],
    audit: [],
    seal: { sealed_up_to: null, sealed: 0, waiting: 0, verified_at: null, verdict: 'unknown', problems: [] },
    codeSets: full.codeSets.map((set) => ({ ...set, printed_at: null, left: 0 })),
    impersonations: [],
    providers: [],
    evidence: {},
    history: {},
    exercises: [],
    providerKeys: [],
    cutOff: [],
    failOver: {
      signIns: [],
      refusals: [],
      readiness: { data: [], active_within_days: 30 },
      notReady: [],
      policies: {},
      methods: {},
      rescues: [],
    },
    flags: { epoch: 1, seq: 1, entries: [], log: [], fleet: [] },
    backups: { schedule: null, target: null, last: null, proved: null, problems: ['No backup was ever made.'] },
  }
}

export function liveOf(sessions: readonly SessionRow[], userId: string): SessionRow[] {
  return sessions.filter(({ user, ended_at }) => user.id === userId && ended_at === null)
}

export function endSession(
  world: World,
  session: SessionRow,
  end: { reason: Reason; atMs: number; by: string | null },
) {
  session.ended_at = new Date(end.atMs).toISOString()
  session.end_reason = end.reason
  session.ended_by = end.by
  for (const user of world.users) user.live_sessions = liveOf(world.sessions, user.id).length
}

function makeUser(index: number, ago: Ago): User {
  const round = Math.floor(index / people.length)
  const name = people[index % people.length]!
  const email = `${plainLetters(name)}${round > 0 ? round + 1 : ''}@acme.test`
  const isNameless = index % 9 === 7
  return {
    id: idOf('usr', index),
    state: index === 11 ? 'blocked' : index === 17 ? 'deleting' : 'active',
    blocked_at: index === 11 ? ago(3 * HOUR_MS) : null,
    blocked_reason: index === 11 ? 'Asked by security of the customer, ticket 4117' : null,
    deletes_at: index === 17 ? ago(-11 * DAY_MS) : null,
    factors: [{ kind: 'email', since: ago((index + 2) * 31 * HOUR_MS) }],
    email,
    name: isNameless ? null : name,
    picture_url: null,
    locale: ['pt-PT', 'nl-NL', 'it-IT', null][index % 4] ?? null,
    time_zone: ['Europe/Lisbon', 'Europe/Amsterdam', 'Europe/Rome', null][index % 4] ?? null,
    metadata_public: index % 3 === 0 ? { theme: 'paper', plan: 'team' } : {},
    metadata_private: index % 3 === 0 ? { crm: { account: 4100 + index, owner: 'support' } } : {},
    created_at: ago((index + 2) * 31 * HOUR_MS),
    last_sign_in_at: index % 13 === 11 ? null : ago((index + 1) * 47 * MINUTE_MS),
    live_sessions: 0,
    is_administrator: index === 0 || index === 2,
  }
}

function makeSessions(user: User, index: number, ago: Ago): SessionRow[] {
  if (user.last_sign_in_at === null) return []
  const count = 1 + (index % 3)
  return Array.from({ length: count }, (_, nth) => {
    const number = index * 3 + nth
    const isEnded = nth > 0 && number % 2 === 0
    const reason = endings[(number / 2 + index) % endings.length]!
    const [name, userAgent] = devices[number % devices.length]!
    const startedMs = (index + 1 + nth * 30) * 47 * MINUTE_MS
    return {
      id: idOf('ses', number),
      user: { id: user.id, email: user.email, name: user.name },
      organization_id: index % 4 === 3 ? null : idOf('org', index % 12),
      impersonator: null,
      audience: number % 5 === 3 ? 'account' : 'app_demo',
      created_at: ago(startedMs),
      authenticated_at: ago(startedMs),
      last_seen_at: ago(
        isEnded ? startedMs / 3 + MINUTE_MS : Math.min(startedMs, (number % 17) * 3 * MINUTE_MS + 20_000),
      ),
      expires_at: ago(startedMs - 30 * DAY_MS),
      ended_at: isEnded ? ago(startedMs / 3) : null,
      end_reason: isEnded ? reason : null,
      ended_by: isEnded ? endedBy(reason, user) : null,
      device: { name, user_agent: userAgent, address: `203.0.113.${(number * 7) % 250}` },
      is_current: false,
    }
  })
}

function endedBy(reason: Reason, user: User): string {
  if (reason === 'revoked') return idOf('usr', 0)
  return reason === 'idle' || reason === 'expired' ? 'holdfast' : user.id
}

function makeKeys(ago: Ago): SigningKey[] {
  return [
    makeKey(
      'next',
      { kid: 'key_01kajk3f1yw8nq9zvq4m8t2', made: 2 * HOUR_MS, from: -7 * DAY_MS, until: -14 * DAY_MS },
      ago,
    ),
    makeKey(
      'active',
      { kid: 'key_01kajpt0c9lmx29zvq4m8t2', made: 7 * DAY_MS, from: 2 * HOUR_MS, until: -7 * DAY_MS },
      ago,
    ),
    makeKey(
      'retiring',
      { kid: 'key_01kajzb7sk4uhn9zvq4m8t2', made: 14 * DAY_MS, from: 7 * DAY_MS, until: 2 * HOUR_MS },
      ago,
    ),
    makeKey(
      'retired',
      { kid: 'key_01kajg6wve0yti9zvq4m8t2', made: 21 * DAY_MS, from: 14 * DAY_MS, until: 7 * DAY_MS },
      ago,
    ),
  ]
}

function makeKey(
  state: SigningKey['state'],
  { kid, made, from, until }: { kid: string; made: number; from: number; until: number },
  ago: Ago,
): SigningKey {
  return {
    kid,
    state,
    created_at: ago(made),
    sign_from: ago(from),
    sign_until: ago(until),
    verify_until: ago(until - DAY_MS),
  }
}

export function rotateKeys(world: World, nowMs: number) {
  const after = { next: 'active', active: 'retiring', retiring: 'retired', retired: 'retired' } as const
  const at = new Date(nowMs).toISOString()
  for (const key of world.keys) {
    if (key.state === 'next') key.sign_from = at
    if (key.state === 'active') {
      key.sign_until = at
      key.verify_until = new Date(nowMs + DAY_MS).toISOString()
    }
    key.state = after[key.state]
  }
  world.keys.unshift({
    kid: `key_01kajrotated${world.keys.length}9zvq4m8t2x`,
    state: 'next',
    created_at: at,
    sign_from: new Date(nowMs + 7 * DAY_MS).toISOString(),
    sign_until: new Date(nowMs + 14 * DAY_MS).toISOString(),
    verify_until: new Date(nowMs + 15 * DAY_MS).toISOString(),
  })
  world.changes.unshift({ at, text: 'Signing key rotated by ana.duarte@acme.test', kind: 'signing_key' })
}

function plainLetters(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/ø/g, 'o').replace(/ı/g, 'i')
  return plain.toLowerCase().replaceAll(' ', '.')
}
