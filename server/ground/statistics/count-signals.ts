import type { Clock } from '../../platform/clock.ts'
import type { Database, Queries } from '../../platform/database/index.ts'
import { tallySignals, type TallyRow } from '../signals/index.ts'
import { addUp, type Bucket, EVERYBODY, HISTOGRAM_STEPS, type Measure, MINUTE_MS, startOf, steps } from './bucket.ts'
import * as queries from './queries.ts'

export interface CountParts {
  db: Database
  clock: Clock
  /** How many sessions are live; sampled once a minute. */
  countSessions(): Promise<number>
  /** The same of some organisations, those whose turn it is. */
  countSessionsOfSome(): Promise<ReadonlyMap<string, number>>
}

const [MINUTE, TEN_MINUTES, DAY] = steps.map((step) => step.seconds) as [60, 600, 86_400]
const KINDS = ['sign-in.succeeded', 'sign-in.failed', 'session.started', 'session.ended'] as const
/**
 * Counted again each time. A signal bears the time of what caused it and is committed up to a transaction's deadline
 * later, by a process whose clock may be a little off.
 */
const AGAIN_MS = 2 * MINUTE_MS
/** In one transaction; after an absence there are more. */
const MINUTES_A_TRANSACTION = 30
/** Ten days of absence in one round; the next goes on. */
const TRANSACTIONS_MAX = 480
/** How old the newest day may be. */
const DAYS_EVERY_MS = 5 * MINUTE_MS
/** Not made of signals. */
const SAMPLED: readonly Measure[] = ['sessions', 'observed']

/**
 * Adds up signals, minute by minute, then ten minutes and days from those. Each stretch is counted anew and replaced, so
 * that counting twice, by whomever, changes nothing.
 *
 * That this minute was observed at all is noted with it: a minute that nobody observed is unknown and never 0.
 */
export async function countSignals(parts: CountParts): Promise<void> {
  const now = parts.clock.now()
  await observe(parts, now)
  for (let count = 0; count < TRANSACTIONS_MAX; count++) {
    const until = await parts.db.transaction((db) => countSome(db, now))
    if (until === undefined || until >= now) return
  }
}

async function observe(parts: CountParts, now: Date): Promise<void> {
  const at = startOf(now, MINUTE)
  const isSampled = await queries.hasSample(parts.db, at)
  const bucket = { organization_id: EVERYBODY, at, method: '', histogram: null }
  const seen: Bucket[] = [{ ...bucket, measure: 'observed', count: 1, sum: 1 }]
  if (!isSampled) {
    const sample = { ...bucket, measure: 'sessions', count: 1 } as const
    seen.push({ ...sample, sum: await parts.countSessions() })
    for (const [id, live] of await parts.countSessionsOfSome()) {
      seen.push({ ...sample, organization_id: id, sum: live })
    }
  }
  await queries.insertBuckets(parts.db, MINUTE, seen)
}

/** Answers up to when all is counted; undefined: another process counts. */
async function countSome(db: Queries, now: Date): Promise<Date | undefined> {
  if (!(await queries.takeCounterTurn(db))) return undefined
  const before = await queries.readProgress(db)
  const begin = Math.min(before?.counted_until.getTime() ?? now.getTime(), now.getTime())
  const from = startOf(new Date(begin - AGAIN_MS), MINUTE)
  const end = startOf(new Date(now.getTime() + MINUTE_MS), MINUTE)
  const to = new Date(Math.min(from.getTime() + MINUTES_A_TRANSACTION * MINUTE_MS, end.getTime()))

  const rows = await tallySignals(db, { kinds: KINDS, from, to, stepMax: HISTOGRAM_STEPS - 1 })
  await queries.deleteCounted(db, { step: MINUTE, from, to, except: SAMPLED })
  await queries.insertBuckets(db, MINUTE, addUp(rows.flatMap(bucketsOfRow)))
  await addUpStep(db, { finer: MINUTE, step: TEN_MINUTES, from, to })
  const until = to < end ? to : now
  await queries.keepProgress(db, { counted_until: until, days_until: await addUpDays(db, before, until) })
  return until
}

/** Now and then: a day is made of many more buckets than ten minutes are. */
async function addUpDays(db: Queries, before: queries.Progress | undefined, until: Date): Promise<Date> {
  const last = before?.days_until
  if (last && last <= until && until.getTime() - last.getTime() < DAYS_EVERY_MS) return last
  const from = new Date(Math.min((last ?? until).getTime(), until.getTime()) - AGAIN_MS)
  await addUpStep(db, { finer: TEN_MINUTES, step: DAY, from, to: new Date(until.getTime() + 1) })
  return until
}

/** The stretches of the coarser step in which something was counted, whole. */
async function addUpStep(db: Queries, { from, to, ...steps }: { finer: number; step: number; from: Date; to: Date }) {
  const last = startOf(new Date(to.getTime() - 1), steps.step)
  await queries.addUpBuckets(db, {
    ...steps,
    from: startOf(from, steps.step),
    to: new Date(last.getTime() + steps.step * 1000),
  })
}

/** What one group of signals adds to: to everybody, and to its organisation. */
function bucketsOfRow(row: TallyRow): Bucket[] {
  const everywhere = row.organization_id === '' ? [EVERYBODY] : [EVERYBODY, row.organization_id]
  const { minute: at, count } = row
  return everywhere.flatMap((organization_id) => {
    const bucket = (measure: Measure, method = ''): Bucket => ({
      organization_id,
      at,
      measure,
      method,
      count,
      sum: count,
      histogram: null,
    })
    const byMethod = (measure: Measure) =>
      row.method ? [bucket(measure), bucket(measure, row.method)] : [bucket(measure)]
    switch (row.kind) {
      case 'sign-in.succeeded':
        return [...byMethod('sign_ins'), ...byMethod('sign_in_success'), ...durations(row, byMethod('sign_in_seconds'))]
      case 'sign-in.failed':
        return [
          ...byMethod('sign_ins'),
          ...byMethod('sign_in_failed'),
          bucket('sign_in_failed_by_reason', row.reason || 'unknown'),
        ]
      case 'session.started':
        return [bucket('sessions_started')]
      default:
        return [bucket('sessions_ended')]
    }
  })
}

function durations({ step, count, seconds }: TallyRow, buckets: Bucket[]): Bucket[] {
  if (step === null) return []
  const histogram = Array.from({ length: HISTOGRAM_STEPS }, (_, index) => (index === step ? count : 0))
  return buckets.map((bucket) => ({ ...bucket, sum: seconds, histogram }))
}
