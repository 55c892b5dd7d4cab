import { reasons } from '@holdfast/sdk/contract'
import type { EndList, Impersonation, SessionEnd, Verifiers } from '../../app/api/wire/sessions.ts'
import type { SessionRow, User } from '../../app/api/wire.ts'
import type { World } from '../world.ts'
import { type Ago, DAY_MS, HOUR_MS, idOf, MINUTE_MS } from './ids.ts'

/** The database was away for thirteen minutes, so long before the present. */
const OUTAGE = { began: 26 * MINUTE_MS, over: 13 * MINUTE_MS }
const WHAT =
  'The database did not take notes: who was seen in this time is not known, and it counts as idle for nobody.'

/** What access would answer to "why was I signed out?". An end by an administrator falls into an unusual time. */
export function endsOf(world: World, sessions: readonly SessionRow[], query: URLSearchParams) {
  const nowMs = Date.now()
  const aroundMs = Number(query.get('window_min') ?? 30) * MINUTE_MS
  const liveAt = Date.parse(query.get('at') ?? new Date(nowMs).toISOString())
  const data = sessions.map((session) => endOf(world, session, { nowMs, aroundMs, liveAt }))
  const unusual = data.filter(({ is_usual }) => !is_usual)
  const episodes = unusual.slice(0, 1).map(({ ended_at }): EndList['episodes'][number] => ({
    id: 'epi_01kaj0000000009zvq4m8t2xk',
    class: 'administrator',
    began_at: new Date(Date.parse(ended_at!) - 4 * MINUTE_MS).toISOString(),
    over_at: new Date(Date.parse(ended_at!) + 9 * MINUTE_MS).toISOString(),
    counted: 412,
    usual: 6.4,
  }))
  return { data, episodes }
}

interface Look {
  nowMs: number
  aroundMs: number
  liveAt: number
}

function endOf(world: World, session: SessionRow, look: Look): SessionEnd {
  const { user, audience, ended_at, end_reason, device } = session
  return {
    session_id: session.id,
    user,
    audience,
    began_at: session.created_at,
    last_seen_at: session.last_seen_at,
    ended_at,
    reason: end_reason,
    sentence: end_reason ? reasons[end_reason] : 'This session has not ended.',
    ended_by: ended_at ? authorOf(world, session) : null,
    device: { name: device.name ?? 'Unknown device', address: device.address ?? '' },
    idle_after_s: (14 * DAY_MS) / 1000,
    is_usual: end_reason !== 'revoked',
    verifiers: verifiersAt(ended_at ? Date.parse(ended_at) : look.liveAt, look),
  }
}

function authorOf(world: World, { ended_by, end_reason, user }: SessionRow): NonNullable<SessionEnd['ended_by']> {
  if (ended_by === null || !ended_by.startsWith('usr_')) {
    const label = end_reason === 'idle' ? 'by itself: not used for 14 days' : 'by itself'
    return { kind: 'holdfast', id: ended_by ?? 'holdfast', label, device: null }
  }
  const device = 'Firefox 146 on Linux'
  if (ended_by === user.id) return { kind: 'person', id: ended_by, label: 'the person', device }
  const staff = world.users.find(({ id }) => id === ended_by)
  return { kind: 'staff', id: ended_by, label: staff?.name ?? ended_by, device }
}

function verifiersAt(middleMs: number, { nowMs, aroundMs }: Look): Verifiers {
  const from = new Date(middleMs - aroundMs).toISOString()
  const to = new Date(Math.min(nowMs, middleMs + aroundMs)).toISOString()
  const outage = {
    from: new Date(nowMs - OUTAGE.began).toISOString(),
    to: new Date(nowMs - OUTAGE.over).toISOString(),
    what: WHAT,
  }
  const wasAway = outage.from < to && outage.to > from
  const instance = (name: string, valid: number, unknown: number) => ({
    name,
    verdicts: verdictsOf(valid, wasAway ? unknown : 0),
    lag_ms: wasAway ? 1800 : 240,
    access_away_ms: 0,
    reported_at: to,
  })
  const awayMs = wasAway ? OUTAGE.began - OUTAGE.over : 0
  return {
    window: { from, to },
    access: [
      {
        process: 'access-1:4821',
        verdicts: verdictsOf(1204, wasAway ? 160 : 0),
        vanished: 0,
        database_away_ms: awayMs,
      },
    ],
    applications: [
      {
        application: { id: 'app_demo', name: 'Acme Ledger' },
        instances: [instance('web-1:301', 18_204, 54), instance('web-2:77', 17_950, 0)],
      },
    ],
    outages: wasAway ? [outage] : [],
  }
}

function verdictsOf(valid: number, unknown: number): Verifiers['access'][number]['verdicts'] {
  return [
    { verdict: 'valid', reason: null, source: 'database', count: valid },
    { verdict: 'invalid', reason: 'idle', source: 'database', count: 3 },
    { verdict: 'invalid', reason: 'signed_out', source: 'database', count: 11 },
    ...(unknown > 0
      ? [{ verdict: 'unknown' as const, reason: 'database_unavailable', source: null, count: unknown }]
      : []),
  ]
}

const whyActed = [
  'Elif asked why her notes of October are gone (ticket 4711)',
  'Wrong language on the account pages, ticket 4698; looks for the setting together on the phone',
  'The invoice shows another address, ticket 4650',
  'Cannot find the export, ticket 4622',
] as const

/** One under way, two over, one whose link nobody followed. */
export function makeImpersonations(users: readonly User[], ago: Ago): Impersonation[] {
  return (['live', 'ended', 'lapsed', 'ended'] as const).map((state, index) => {
    const user = users[index * 3 + 4]!
    const staff = users[index === 1 ? 2 : 0]!
    const agoMs = index * 9 * HOUR_MS + 6 * MINUTE_MS
    const began = state === 'lapsed' ? null : ago(agoMs - 20_000)
    const isEnded = state === 'ended'
    return {
      id: idOf('imp', index),
      user: { id: user.id, email: user.email, name: user.name },
      staff: { id: staff.id, name: staff.name },
      audience: index % 2 === 0 ? 'app_demo' : 'account',
      reason: whyActed[index]!,
      minutes: 15,
      state,
      created_at: ago(agoMs),
      started_at: began,
      ends_at: began && ago(agoMs - 15 * MINUTE_MS),
      ended_at: isEnded ? ago(agoMs - (index === 1 ? 7 : 15) * MINUTE_MS) : null,
      ended_by: isEnded ? (index === 1 ? staff.id : 'holdfast') : null,
      session_id: began && idOf('ses', 900 + index),
    }
  })
}
