import type { Static } from 'typebox'
import { reasons, type UnknownReason } from '../../../../sdk/contract.ts'
import { BY_ITSELF } from '../end-session.ts'
import type { House } from '../house.ts'
import { listSessions } from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { SessionRow } from '../session.ts'
import { classOf } from '../sign-outs/detector.ts'
import { type Episode, episodesBetween } from '../sign-outs/queries.ts'
import type { EndList, SessionEnd } from './answers.ts'
import * as queries from './queries.ts'
import { unknownIn, type VerifiersSaid, verifiersSaid } from './verifiers-said.ts'

export interface EndsAsked {
  userId?: string | undefined
  sessionId?: string | undefined
  at?: Date | undefined
  windowMs: number
  limit: number
  before?: { endedAt: Date; id: string } | undefined
}
export type End = Static<typeof SessionEnd>
export type EndsSaid = Static<typeof EndList>
type Found = SessionRow & { ended_in_device: string | null }

const DAY_MS = 24 * 60 * 60_000
const LIVE_SHOWN_MAX = 20
const EPISODES_MAX = 100
/** Ends within the same ten minutes are shown the same window, and it is read once. */
const SHARED_MS = 10 * 60_000

/**
 * Why was I signed out? Each end with its reason, its author and what the verifiers said at that hour; and of a session that
 * has not ended, that it has not: in an outage that is the common case (Ory Kratos #3250, Hanko).
 */
export async function lookUpEnds(
  house: House,
  asked: EndsAsked,
  nameOf: (application: string) => string | null,
): Promise<EndsSaid> {
  const { userId, at, windowMs, limit, before } = asked
  const look = openLook(house, windowMs, nameOf)
  if (asked.sessionId !== undefined) {
    const row = await queries.sessionWithEnd(house.db, asked.sessionId)
    if (!row || (userId !== undefined && row.user_id !== userId)) {
      throw refuse('no_such_end', {
        id: asked.sessionId.replace(/[^\w]/g, ''),
        days: Math.round(house.retentionMs / DAY_MS),
      })
    }
    const [end] = await look.all([row], at)
    return { data: [end!], still_live: [], episodes: look.episodes(), next_cursor: null }
  }

  const around = at && { from: new Date(at.getTime() - windowMs), to: new Date(at.getTime() + windowMs) }
  const rows = await queries.endsOf(house.db, { userId, ...around, before, limit: limit + 1 })
  const live =
    userId === undefined || before !== undefined
      ? []
      : await listSessions(house.db, { userId, state: 'live', limit: LIVE_SHOWN_MAX })
  const data = await look.all(rows.slice(0, limit), undefined)
  const stillLive = await look.all(
    live.map((row) => ({ ...row, ended_in_device: null })),
    at,
  )
  return {
    data,
    still_live: stillLive,
    episodes: look.episodes(),
    next_cursor: rows.length > limit ? cursorOf(rows[limit - 1]!) : null,
  }
}

const cursorOf = ({ ended_at, id }: { ended_at: Date; id: string }) =>
  Buffer.from(`${ended_at.toISOString()} ${id}`).toString('base64url')

export function beforeOf(cursor: string | undefined): { endedAt: Date; id: string } | undefined {
  if (cursor === undefined) return undefined
  const [, at, id] = /^(\S{24}) (ses_[0-9a-z]{1,40})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const endedAt = new Date(at ?? '')
  if (id === undefined || Number.isNaN(endedAt.getTime())) throw refuse('bad_cursor')
  return { endedAt, id }
}

function openLook(house: House, windowMs: number, nameOf: (application: string) => string | null) {
  const windows = new Map<number, VerifiersSaid>()
  const met = new Map<string, Episode>()

  async function said(middle: Date): Promise<VerifiersSaid> {
    const shared = Math.floor(middle.getTime() / SHARED_MS) * SHARED_MS
    const known = windows.get(shared)
    if (known) return known
    const now = house.clock.now().getTime()
    const window = { from: new Date(shared - windowMs), to: new Date(Math.min(now, shared + SHARED_MS + windowMs)) }
    const read = await verifiersSaid(house.db, window, nameOf)
    windows.set(shared, read)
    return read
  }

  return {
    async all(rows: readonly Found[], liveAt: Date | undefined): Promise<End[]> {
      const authors = rows.flatMap((row) => (row.ended_by?.startsWith('usr_') ? [row.ended_by] : []))
      const names = authors.length > 0 ? await queries.namesOf(house.db, [...new Set(authors)]) : new Map()
      const times = rows.map((row) => (row.ended_at ?? liveAt ?? house.clock.now()).getTime())
      const episodes =
        rows.length === 0
          ? []
          : await episodesBetween(house.db, new Date(Math.min(...times)), new Date(Math.max(...times)), EPISODES_MAX)
      for (const [time, episode] of times.flatMap((each) => episodes.map((one) => [each, one] as const))) {
        if (isWithin(episode, new Date(time))) met.set(episode.id, episode)
      }
      const ends: End[] = []
      for (const row of rows) {
        const verifiers = await said(row.ended_at ?? liveAt ?? house.clock.now())
        ends.push(endOf(row, { verifiers, names, episodes }))
      }
      return ends
    },
    /** Those into which what was looked up falls, newest first. */
    episodes: () =>
      [...met.values()]
        .sort((one, other) => other.began_at.getTime() - one.began_at.getTime())
        .map(({ id, class: kind, began_at, over_at, counted, usual }) => ({
          id,
          class: kind,
          began_at: began_at.toISOString(),
          over_at: over_at?.toISOString() ?? null,
          counted,
          usual,
        })),
  }
}

/** How many answers around that time were `unknown`: no end, and yet somebody may have been asked to sign in. */
export const unknownAnswers = (end: End) => unknownIn(end.verifiers).count

interface Around {
  verifiers: VerifiersSaid
  names: ReadonlyMap<string, string>
  episodes: readonly Episode[]
}

function endOf(row: Found, { verifiers, names, episodes }: Around): End {
  return {
    session_id: row.id,
    user: { id: row.user_id, email: row.person.email, name: row.person.name },
    audience: row.audience,
    began_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    reason: row.end_reason,
    sentence: row.end_reason ? reasons[row.end_reason] : liveSentence(verifiers),
    ended_by: row.ended_at ? authorOf(row, names) : null,
    device: { name: row.device.name, address: row.device.address },
    idle_after_s: Math.round(row.idle_ms / 1000),
    is_usual: !episodes.some((episode) => covers(episode, row)),
    verifiers,
  }
}

const whys: Record<UnknownReason, string> = {
  database_unavailable: 'the database did not answer',
  access_unreachable: 'access did not answer the application',
  no_keys: 'no public key was at hand',
  too_old: 'what was known was older than the application accepts',
  overloaded: 'too many questions were under way',
}

function liveSentence(verifiers: VerifiersSaid): string {
  const { count, reason } = unknownIn(verifiers)
  if (count === 0) return 'This session has not ended, and no answer in that time was unknown.'
  const why = whys[reason as UnknownReason] ?? 'of a reason that is not known here'
  return `This session has not ended; in that time ${count} answers were unknown, most of them because ${why}.`
}

function authorOf(row: Found, names: ReadonlyMap<string, string>): NonNullable<End['ended_by']> {
  const id = row.ended_by ?? BY_ITSELF
  const device = row.ended_in_device
  const isPerson = id === row.user_id
  if (id === BY_ITSELF) return { kind: 'holdfast', id, label: itselfLabel(row), device: null }
  if (id.startsWith('tok_')) return { kind: 'token', id, label: `the machine token ${id}`, device: null }
  if (!isPerson) return { kind: 'staff', id, label: names.get(id) ?? id, device }
  return { kind: 'person', id, label: device ? `the person, from ${device}` : 'the person', device }
}

function itselfLabel({ end_reason, idle_ms }: Found): string {
  const days = Math.round(idle_ms / DAY_MS)
  const limit = days > 0 ? `${days} days` : `${Math.round(idle_ms / 60_000)} minutes`
  return end_reason === 'idle' ? `by itself: not used for ${limit}` : 'by itself'
}

/** An episode of sign-outs of its kind, or one in which sessions vanished. */
function covers(episode: Episode, row: Found): boolean {
  if (row.ended_at === null || row.end_reason === null) return false
  const isItsKind = episode.class === 'unexplained' || episode.class === classOf(row.end_reason)
  return isItsKind && isWithin(episode, row.ended_at)
}

const isWithin = ({ began_at, over_at }: Episode, at: Date) => began_at <= at && (!over_at || at <= over_at)
