import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { countBetween } from './queries.ts'

/** One key in 256 begins with a zero byte: a million lockers are estimated to 3 % by looking at four thousand. */
const SHARE = 256
const FROM = Buffer.from([0])
const TO = Buffer.from([1])
/** Meanwhile a robot at 1000 a second makes some sixty thousand more. */
const KNOWN_MS = 60_000
/** More applications than there may be; the oldest estimate goes. */
const APPLICATIONS_MAX = 1000

/** Whether an application has as many lockers as it gets, by an estimate that costs a millisecond once a minute. */
export function openEstimate({ db, clock, lockersMax }: { db: Database; clock: Clock; lockersMax: number }) {
  const known = new Map<string, { atMs: number; isFull: boolean }>()
  const sampleMax = Math.ceil(lockersMax / SHARE)
  return async function isFull(application: string): Promise<boolean> {
    const nowMs = clock.monotonicMs()
    const last = known.get(application)
    if (last && nowMs - last.atMs < KNOWN_MS) return last.isFull
    const sample = await countBetween(db, { application, from: FROM, to: TO, limit: sampleMax })
    known.delete(application)
    known.set(application, { atMs: nowMs, isFull: sample >= sampleMax })
    if (known.size > APPLICATIONS_MAX) known.delete(known.keys().next().value!)
    return sample >= sampleMax
  }
}
