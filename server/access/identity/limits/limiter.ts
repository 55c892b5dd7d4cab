import type { Queries } from '../../../platform/database/index.ts'
import type { Secret } from '../../../platform/secret.ts'
import { refuse } from '../refusals.ts'
import { WRONG_CODES_MAX, WRONG_CODES_WINDOW_MS } from './limits.ts'
import { type Limit, take, toleranceMs } from './pace.ts'
import * as queries from './queries.ts'

/** One limit, met by one subject: an address, a browser, a block of addresses. */
export interface Hit {
  limit: Limit
  subject: string | Buffer
}

/**
 * Limits are kept twice. In the process they cost nothing, hold in an outage, and keep a flood away from PostgreSQL;
 * there they hold for all processes together and over a restart. Both refuse with `slow_down`, and say how long.
 */
export interface Limiter {
  passHere(hits: readonly Hit[], now: Date): void
  /** For what failed through no fault of the caller: it may try again at once. */
  giveBackHere(hits: readonly Hit[]): void
  /** Within the transaction of what is limited: when that is rolled back, nothing was taken. */
  pass(db: Queries, hits: readonly Hit[], now: Date): Promise<void>
  noteWrongCode(db: Queries, emailKey: string, now: Date): Promise<void>
  /** True: browsers in which this address was never used get the link only. */
  isGuessedAt(db: Queries, emailKey: string, now: Date): Promise<boolean>
}

/** About 10 MB. The longest unused is forgotten first; PostgreSQL still knows it. */
const SUBJECTS_MAX = 100_000
const HOUR_MS = 3_600_000

export function openLimiter(secret: Secret): Limiter {
  const dueAt = new Map<string, number>()
  // Keyed, so that a copy of the table names nobody's address.
  const digestOf = (kind: string, subject: string | Buffer) => secret.hmac(`limit ${kind}`, subject)
  const keyOf = ({ limit, subject }: Hit) => `${limit.kind} ${Buffer.from(subject).toString('base64')}`

  function keep(key: string, dueAtMs: number): void {
    dueAt.delete(key)
    dueAt.set(key, dueAtMs)
    if (dueAt.size > SUBJECTS_MAX) dueAt.delete(dueAt.keys().next().value!)
  }

  return {
    passHere(hits, now) {
      const taken = hits.map((hit) => ({
        hit,
        key: keyOf(hit),
        result: take(hit.limit, dueAt.get(keyOf(hit)), now.getTime()),
      }))
      for (const { hit, result } of taken)
        if (result.outcome === 'early') throw tooEarly(hit.limit, result.retryAfterMs)
      for (const { key, result } of taken) if (result.outcome === 'taken') keep(key, result.dueAtMs)
    },
    giveBackHere(hits) {
      for (const hit of hits) {
        const key = keyOf(hit)
        const held = dueAt.get(key)
        if (held !== undefined) keep(key, held - hit.limit.everyMs)
      }
    },
    async pass(db, hits, now) {
      const paces = hits.map(({ limit: { kind, everyMs }, limit, subject }) => {
        return { kind, subject: digestOf(kind, subject), everyMs, toleranceMs: toleranceMs(limit) }
      })
      const taken = await queries.takePaces(db, paces, now)
      for (const [index, { limit }] of hits.entries()) {
        if (taken.includes(limit.kind)) continue
        const held = await queries.findDueAt(db, limit.kind, paces[index]!.subject)
        throw tooEarly(limit, (held?.getTime() ?? now.getTime()) - now.getTime() - toleranceMs(limit))
      }
    },
    async noteWrongCode(db, emailKey, now) {
      const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS)
      await queries.addWrongCode(db, digestOf('wrong-code', emailKey), hour)
    },
    async isGuessedAt(db, emailKey, now) {
      const since = new Date(now.getTime() - WRONG_CODES_WINDOW_MS)
      return (await queries.countWrongCodes(db, digestOf('wrong-code', emailKey), since)) >= WRONG_CODES_MAX
    },
  }
}

function tooEarly(limit: Limit, retryAfterMs: number) {
  return refuse('slow_down', { retry_after_s: Math.max(1, Math.ceil(retryAfterMs / 1000)), what: limit.what })
}
