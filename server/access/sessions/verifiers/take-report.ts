import type { Static } from 'typebox'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/database/index.ts'
import { refuse } from '../refusals.ts'
import type { Report } from './answers.ts'
import { keepMinutes } from './queries.ts'
import { MINUTE_MS, minuteOf, type VerifierMinute } from './verifier-minute.ts'

/** One report a minute, with room for a timer that fires early. */
const EVERY_MS = 45_000
/** Portions of what an outage held up come one after the other. */
const REPORTS_AT_ONCE_MAX = 4
/** What a verifier held back in an outage, and its clock that is off. */
const OLDEST_MS = 2 * 60 * MINUTE_MS
const CLOCK_SKEW_MS = 2 * MINUTE_MS
/** Processes of one application, and of all; more is a name that changes with each report. */
const INSTANCES_MAX = 200
const KNOWN_MAX = 10_000
const FORGET_MS = 60 * MINUTE_MS

/** Takes what an application's verifier says of itself; bounded in number, so that none can fill the database. */
export function openReports({ db, clock }: { db: Database; clock: Clock }) {
  const seen = new Map<string, { fromMs: number; reports: number }>()

  function admit(application: string, instance: string): void {
    const nowMs = clock.now().getTime()
    for (const [key, { fromMs }] of seen) {
      if (nowMs - fromMs < FORGET_MS && seen.size <= KNOWN_MAX) break
      seen.delete(key)
    }
    const key = `${application} ${instance}`
    const known = seen.get(key)
    if (known && nowMs - known.fromMs < EVERY_MS) {
      known.reports += 1
      if (known.reports > REPORTS_AT_ONCE_MAX) throw refuse('reports_too_often', { retry_after_s: EVERY_MS / 1000 })
      return
    }
    if (!known && instancesOf(application) >= INSTANCES_MAX) throw refuse('too_many_verifiers', { max: INSTANCES_MAX })
    seen.delete(key)
    seen.set(key, { fromMs: nowMs, reports: 1 })
  }

  function instancesOf(application: string): number {
    let instances = 0
    for (const key of seen.keys()) if (key.startsWith(`${application} `)) instances += 1
    return instances
  }

  return {
    async take(application: string, { instance, minutes }: Static<typeof Report>): Promise<number> {
      admit(application, instance)
      const now = clock.now()
      const told = new Map<number, VerifierMinute>()
      for (const each of minutes) {
        const minute = minuteOf(new Date(each.minute))
        const ageMs = now.getTime() - minute.getTime()
        if (ageMs > OLDEST_MS || ageMs < -CLOCK_SKEW_MS) continue
        const { counts, lag_ms: lagMs, away_ms: awayMs } = each
        const of = { kind: 'application', audience: application, instance } as const
        told.set(minute.getTime(), { ...of, minute, counts, lagMs, awayMs })
      }
      if (told.size > 0) await keepMinutes(db, [...told.values()], now)
      return told.size
    },
  }
}
