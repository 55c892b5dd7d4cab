import { type Database, type Queries, sqlStateOf, withCommit } from '../../../platform/database/index.ts'
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

type Take = (hits: readonly Hit[]) => void

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
  /**
   * Runs `work` in a transaction; what it hands to `take`, once at most, is taken together with its COMMIT, and refused
   * where one came too early: then nothing of `work` was done.
   */
  passing<T>(db: Database, now: Date, work: (db: Queries, take: Take) => Promise<T>): Promise<T>
  /** True where it was taken: so what is sealed, and has no row that could be marked, is good once for as long as it lives. */
  isTaken(db: Queries, hit: Hit, now: Date): Promise<boolean>
  noteWrongCode(db: Queries, emailKey: string, now: Date): Promise<void>
  /** True: browsers in which this address was never used get the link only. */
  isGuessedAt(db: Queries, emailKey: string, now: Date): Promise<boolean>
}

/** About 10 MB. The longest unused is forgotten first; PostgreSQL still knows it. */
const SUBJECTS_MAX = 100_000
const HOUR_MS = 3_600_000
/** `platform.require`. */
const NOT_HELD = 'HF002'

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

  function paceOf({ limit, subject }: Hit): queries.Pace {
    const { kind, everyMs } = limit
    return { kind, subject: digestOf(kind, subject), everyMs, toleranceMs: toleranceMs(limit) }
  }

  async function earlyMs(db: Queries, { limit, subject }: Hit, now: Date): Promise<number> {
    const held = await queries.findDueAt(db, limit.kind, digestOf(limit.kind, subject))
    return (held?.getTime() ?? now.getTime()) - now.getTime() - toleranceMs(limit)
  }

  /** Looked for once the transaction is over; meanwhile another may have waited long enough. */
  async function firstEarly(db: Queries, hits: readonly Hit[], now: Date) {
    for (const hit of hits) {
      const ms = await earlyMs(db, hit, now)
      if (ms > 0) return tooEarly(hit.limit, ms)
    }
    return tooEarly(hits[0]!.limit, 0)
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
      const taken = await queries.takeEach(db, hits.map(paceOf), now)
      const early = hits.find(({ limit }) => !taken.includes(limit.kind))
      if (early) throw tooEarly(early.limit, await earlyMs(db, early, now))
    },
    async passing(db, now, work) {
      let asked: readonly Hit[] = []
      try {
        return await db.transaction((inside) =>
          work(inside, (hits) => {
            asked = hits
            withCommit(queries.takeAll(inside, hits.map(paceOf), now))
          }),
        )
      } catch (error) {
        if (sqlStateOf(error) !== NOT_HELD) throw error
        throw await firstEarly(db, asked, now)
      }
    },
    async isTaken(db, hit, now) {
      return (await queries.takeEach(db, [paceOf(hit)], now)).length === 1
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
