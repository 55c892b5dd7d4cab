import { hash } from 'node:crypto'
import {
  EXERCISE_AUDIENCE,
  HANDLE_LENGTH,
  type Impersonator,
  type Reason,
  type Session,
  type SessionUser,
} from '../../../sdk/contract.ts'

export interface Device {
  /** "Firefox on Windows", for people. */
  name: string
  user_agent: string
  address: string
}

/** A session as PostgreSQL has it. */
export interface SessionRow {
  id: string
  user_id: string
  organization_id: string | null
  roles: string[]
  impersonator: Impersonator | null
  audience: string
  person: Pick<SessionUser, 'email' | 'name' | 'picture_url'>
  device: Device
  amr: string[]
  acr: string
  /** The provider through which the person last proved who they are; null: by a way of ours. */
  proven_by: string | null
  /** The passkey that was shown at that proof; null: none was. */
  proven_with: string | null
  /** The provider in whose stead something else was taken, because it was down; null: an ordinary session. */
  stands_in_for: string | null
  /** By when such a session has to have been proven there; null: the provider is not back. */
  due_at: Date | null
  created_at: Date
  authenticated_at: Date
  last_seen_at: Date
  expires_at: Date
  idle_ms: number
  ended_at: Date | null
  end_reason: Reason | null
  ended_by: string | null
  /** The session in which somebody pressed the button. */
  ended_in: string | null
}

/** What says whether it holds and of whom it speaks: as much as is read by a handle, and kept in memory. */
export type LiveRow = Omit<SessionRow, 'device' | 'created_at' | 'ended_by' | 'ended_in' | 'proven_with'>

/** Named one by one: a row as the driver made it also holds the digest, and with it 1 kB of the network's buffer. */
export const liveRowOf = (row: LiveRow): LiveRow => ({
  id: row.id,
  user_id: row.user_id,
  organization_id: row.organization_id,
  roles: row.roles,
  impersonator: row.impersonator,
  audience: row.audience,
  person: row.person,
  amr: row.amr,
  acr: row.acr,
  proven_by: row.proven_by,
  stands_in_for: row.stands_in_for,
  due_at: row.due_at,
  authenticated_at: row.authenticated_at,
  last_seen_at: row.last_seen_at,
  expires_at: row.expires_at,
  idle_ms: row.idle_ms,
  ended_at: row.ended_at,
  end_reason: row.end_reason,
})

/** A stretch of time in which `last_seen_at` could not be written. */
export interface BlindSpot {
  started_at: Date
  ended_at: Date
}

export type Judgement = { verdict: 'valid' } | { verdict: 'invalid'; reason: Reason; endedAt: Date }

/** Writes of `last_seen_at` may lag by a minute, on this process or another; nobody is idle within that. */
export const LAST_SEEN_EVERY_MS = 60_000
export const IDLE_SLACK_MS = 2 * LAST_SEEN_EVERY_MS

interface Instant {
  now: Date
  seenAt: Date
  blindSpots: readonly BlindSpot[]
  /** The deadline that was announced for it, which the row at hand may be too old to have; null: one was lifted. */
  heardDueAt?: Date | null | undefined
}

/**
 * What the row says at an instant. `seenAt` is the newest sight of the session known anywhere, which may not be written
 * yet. Pure; whether the row itself is fresh enough to be believed is for the caller to know.
 */
export function judge(row: LiveRow, at: Instant): Judgement {
  if (row.ended_at) return { verdict: 'invalid', reason: row.end_reason!, endedAt: row.ended_at }
  if (row.audience === EXERCISE_AUDIENCE)
    return { verdict: 'invalid', reason: 'wrong_audience', endedAt: row.authenticated_at }
  const dueAt = dueAtOf(row, at.heardDueAt)
  if (dueAt && at.now >= dueAt && dueAt < row.expires_at) {
    return { verdict: 'invalid', reason: 'failover_ended', endedAt: dueAt }
  }
  if (at.now.getTime() >= row.expires_at.getTime()) {
    const reason = row.impersonator ? 'impersonation_ended' : 'expired'
    return { verdict: 'invalid', reason, endedAt: row.expires_at }
  }
  const idleMaxMs = row.idle_ms + IDLE_SLACK_MS
  // Blind spots only take from it: whoever was seen lately is not idle whatever they say.
  if (at.now.getTime() - at.seenAt.getTime() <= idleMaxMs) return { verdict: 'valid' }
  if (idleTime(at.seenAt, at.now, at.blindSpots) > idleMaxMs) {
    return { verdict: 'invalid', reason: 'idle', endedAt: new Date(at.seenAt.getTime() + row.idle_ms) }
  }
  return { verdict: 'valid' }
}

/** Only of a session that stands in for a provider: whatever was announced, an ordinary one is due nowhere. */
const dueAtOf = ({ stands_in_for, due_at }: LiveRow, heard: Date | null | undefined) =>
  stands_in_for === null ? null : heard === undefined ? due_at : heard

/** Milliseconds between two instants, less the time in which nobody could have been seen (design §5). */
export function idleTime(seenAt: Date, now: Date, blindSpots: readonly BlindSpot[]): number {
  const [from, until] = [seenAt.getTime(), now.getTime()]
  if (until <= from) return 0
  let blind = 0
  let covered = from
  for (const spot of [...blindSpots].sort((one, other) => one.started_at.getTime() - other.started_at.getTime())) {
    const start = Math.max(covered, spot.started_at.getTime())
    const end = Math.min(until, spot.ended_at.getTime())
    if (end > start) blind += end - start
    covered = Math.max(covered, end)
  }
  return until - from - blind
}

export function publicSession(row: LiveRow): Session {
  return {
    id: row.id,
    user: { id: row.user_id, ...row.person },
    organization_id: row.organization_id,
    roles: row.roles,
    impersonator: row.impersonator,
    audience: row.audience,
    authenticated_at: row.authenticated_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    amr: row.amr,
    acr: row.acr,
    ...(row.stands_in_for !== null && row.due_at !== null && { due_at: row.due_at.toISOString() }),
  }
}

/** 256 random bits need no slow hash (ASVS 6.5.2); the handle itself is nowhere at rest. */
export const digestOf = (handle: string) => Buffer.from(keyOf(handle), 'base64')
/** The digest as memory is asked by; in one call 0.3 µs, and by `createHash` with a buffer 1.4. */
export const keyOf = (handle: string) => hash('sha256', handle, 'base64')

const HANDLE = new RegExp(`^[A-Za-z0-9_-]{${HANDLE_LENGTH}}$`)
export const isHandle = (text: string) => HANDLE.test(text)
