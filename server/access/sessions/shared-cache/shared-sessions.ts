import type { Cache } from '../../../platform/cache/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Secret } from '../../../platform/secret.ts'
import type { KnownSession } from '../known-sessions.ts'
import type { LiveRow } from '../session.ts'
import { openEntry, type SharedEntry, sealEntry } from './entry.ts'

/**
 * What processes of one installation read for each other. Nothing in it is truth: an entry says that a session was live when
 * it was read, never that one has ended, and whoever uses it holds the log of revocations against it.
 */
export interface SharedSessions {
  /** As some process of ours read it within the last minute. Undefined costs a look-up, never an answer. */
  read(key: string): Promise<SharedEntry | undefined>
  /** Live ones only; never in the place of another entry or of a bar. */
  keep(key: string, known: KnownSession): void
  /** Ended, changed or superseded: nothing read before is believed there, nor put there late. */
  bar(keys: Iterable<string>): void
  /** This process changed the session, or heard that it was: what others read before is not believed here. */
  passOver(sessionId: string): void
  passOverWhere(isMeant: (row: LiveRow) => boolean): void
  figures(): SharedFigures
}

export interface SharedFigures {
  /** Entries that could be believed. */
  found: number
  /** Forged, torn, or of another secret. */
  damaged: number
  /** Ours, and not to be believed: too old, from a clock ahead of ours, or changed here meanwhile. */
  passedOver: number
}

/** In memory a session is read again after a minute; an entry that is kept for longer would help nobody and fill the cache. */
export const ENTRY_LIFE_MS = 60_000
/** A quarter of the life: what was read in one second after a wipe is not read again in one second. */
const JITTER = 0.25
/** docs/operating.md: clocks within a minute of each other. An entry lives no longer than its life and that. */
const PASSED_OVER_MS = ENTRY_LIFE_MS + 60_000
/** An entry from further ahead comes from a clock that cannot be compared with ours. */
const AHEAD_MAX_MS = 2000
const BARRED = '-'
/** Changes of two minutes; beyond them the cache is not believed at all for as long. */
const PASSED_OVER_MAX = 10_000
const PATTERNS_MAX = 500

export function openSharedSessions(options: {
  cache: Cache
  clock: Clock
  secret: Secret
  /** Of this installation, and nobody else's. */
  prefix(): string
}): SharedSessions {
  const { cache, clock, secret, prefix } = options
  const counts: SharedFigures = { found: 0, damaged: 0, passedOver: 0 }
  const changed = openChanged(clock)
  const placeOf = (key: string) => `${prefix()}:s:${key}`

  function isOfUse({ row, readAt }: SharedEntry): boolean {
    const ageMs = clock.now().getTime() - readAt.getTime()
    return ageMs <= ENTRY_LIFE_MS && ageMs >= -AHEAD_MAX_MS && !changed.has(row)
  }

  return {
    async read(key) {
      const sealed = (await cache.read(placeOf(key)))?.toString('latin1')
      if (sealed === undefined || sealed === BARRED) return undefined
      const entry = openEntry(secret, key, sealed)
      const fault = !entry ? 'damaged' : isOfUse(entry) ? undefined : 'passedOver'
      counts[fault ?? 'found'] += 1
      // So that it does not stand there for ever in the place of a good one.
      if (fault === 'damaged') cache.write(placeOf(key), BARRED, { ms: 1, how: 'always' })
      return fault ? undefined : entry
    },
    keep(key, known) {
      const { row, isSuperseded } = known
      const lifeMs = Math.min(
        ENTRY_LIFE_MS * (1 - JITTER * Math.random()),
        row.expires_at.getTime() - clock.now().getTime(),
      )
      if (row.ended_at || isSuperseded || lifeMs < 1 || cache.breaker !== 'closed') return
      cache.write(placeOf(key), sealEntry(secret, key, known), { ms: Math.round(lifeMs), how: 'if-absent' })
    },
    bar(keys) {
      for (const key of keys) cache.write(placeOf(key), BARRED, { ms: PASSED_OVER_MS, how: 'always' })
    },
    passOver: changed.add,
    passOverWhere: changed.addWhere,
    figures: () => ({ ...counts }),
  }
}

/** What this process knows to have changed in the last two minutes. */
function openChanged(clock: Clock) {
  const sessions = new Map<string, number>()
  let patterns: { isMeant(row: LiveRow): boolean; untilMs: number }[] = []
  let allUntilMs = 0

  const untilMs = () => clock.monotonicMs() + PASSED_OVER_MS

  function forget(nowMs: number): void {
    for (const [id, until] of sessions) {
      if (until > nowMs) break
      sessions.delete(id)
    }
    if (patterns[0] && patterns[0].untilMs <= nowMs) patterns = patterns.filter((each) => each.untilMs > nowMs)
    if (sessions.size < PASSED_OVER_MAX && patterns.length < PATTERNS_MAX) return
    allUntilMs = untilMs()
    sessions.clear()
    patterns = []
  }

  return {
    add(sessionId: string): void {
      forget(clock.monotonicMs())
      sessions.delete(sessionId)
      sessions.set(sessionId, untilMs())
    },
    addWhere(isMeant: (row: LiveRow) => boolean): void {
      forget(clock.monotonicMs())
      patterns.push({ isMeant, untilMs: untilMs() })
    },
    has(row: LiveRow): boolean {
      const nowMs = clock.monotonicMs()
      if (nowMs < allUntilMs || (sessions.get(row.id) ?? 0) > nowMs) return true
      return patterns.some((each) => each.untilMs > nowMs && each.isMeant(row))
    },
  }
}
