import type { SessionAnswer, Source } from '../../../../sdk/contract.ts'
import type { Clock } from '../../../platform/clock.ts'
import { MINUTE_MS, minuteOf, type VerifierMinute } from './verifier-minute.ts'

/**
 * What this process answered, minute by minute. In memory: the read path writes nothing; a job takes what is complete to
 * PostgreSQL, and after an outage all of it.
 */
export interface VerdictCounts {
  count(audience: string | undefined, answer: SessionAnswer, now?: Date): void
  /** A session that was confirmed minutes ago is not there, and nothing has ended it. */
  countVanished(audience: string | undefined): void
  /** The database went away, or came back. */
  noteAway(isAway: boolean): void
  /** Minutes that are over and were not written yet, oldest first. */
  complete(): VerifierMinute[]
  written(minutes: readonly VerifierMinute[]): void
  /** Of this minute and the last: what was not taken for gone yet. */
  vanishedSince(from: Date): number
}

/** An outage of a day; older minutes go first. */
const MINUTES_MAX = 24 * 60
/** Applications in one minute; the rest are counted together. */
const AUDIENCES_MAX = 200
const OTHERS = 'others'
const STRETCHES_MAX = 100
export const VANISHED = 'vanished//'
/** Not put together each time: it is nearly every answer. */
const VALID: Record<Source, string> = {
  database: 'valid//database',
  cache: 'valid//cache',
  proof: 'valid//proof',
  grace: 'valid//grace',
}

export function openVerdictCounts({ clock, instance }: { clock: Clock; instance: string }): VerdictCounts {
  const minutes = new Map<number, Map<string, Map<string, number>>>()
  const stretches: { fromMs: number; toMs: number | undefined }[] = []

  function add(audience: string, key: string, now: Date): void {
    const minute = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS
    const audiences = minutes.get(minute) ?? openMinute(minute)
    const counts = audiences.get(audience) ?? openCounts(audiences, audience)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }

  function openMinute(minute: number): Map<string, Map<string, number>> {
    const audiences = new Map<string, Map<string, number>>()
    minutes.set(minute, audiences)
    if (minutes.size > MINUTES_MAX) minutes.delete(minutes.keys().next().value!)
    return audiences
  }

  function awayMs(minute: number): number {
    const now = clock.now().getTime()
    const overlap = ({ fromMs, toMs = now }: { fromMs: number; toMs: number | undefined }) =>
      Math.max(0, Math.min(toMs, minute + MINUTE_MS) - Math.max(fromMs, minute))
    return Math.min(MINUTE_MS, Math.round(stretches.reduce((sum, each) => sum + overlap(each), 0)))
  }

  return {
    count(audience, answer, now = clock.now()) {
      if (answer.verdict === 'valid') return add(answer.session.audience, VALID[answer.source], now)
      add(audience ?? 'account', `${answer.verdict}/${answer.reason}/${answer.source ?? ''}`, now)
    },
    countVanished: (audience) => add(audience ?? 'account', VANISHED, clock.now()),
    noteAway(isAway) {
      const now = clock.now().getTime()
      const last = stretches.at(-1)
      if (isAway && (!last || last.toMs !== undefined)) stretches.push({ fromMs: now, toMs: undefined })
      if (!isAway && last && last.toMs === undefined) last.toMs = now
      if (stretches.length > STRETCHES_MAX) stretches.shift()
    },
    complete() {
      const current = minuteOf(clock.now()).getTime()
      return [...minutes]
        .filter(([minute]) => minute < current)
        .flatMap(([minute, audiences]) =>
          [...audiences].map(
            ([audience, counts]): VerifierMinute => ({
              minute: new Date(minute),
              kind: 'access',
              audience,
              instance,
              counts: Object.fromEntries(counts),
              lagMs: null,
              awayMs: awayMs(minute),
            }),
          ),
        )
    },
    written(done) {
      for (const { minute } of done) minutes.delete(minute.getTime())
    },
    vanishedSince(from) {
      let sum = 0
      for (const [minute, audiences] of minutes) {
        if (minute < minuteOf(from).getTime()) continue
        for (const counts of audiences.values()) sum += counts.get(VANISHED) ?? 0
      }
      return sum
    },
  }
}

function openCounts(audiences: Map<string, Map<string, number>>, audience: string): Map<string, number> {
  const name = audiences.size < AUDIENCES_MAX ? audience : OTHERS
  const counts = audiences.get(name) ?? new Map<string, number>()
  audiences.set(name, counts)
  return counts
}
