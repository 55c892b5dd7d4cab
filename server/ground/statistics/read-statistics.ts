import { type Static, Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { orNull, Time } from '../../platform/http/index.ts'
import { addUp, type Bucket, EVERYBODY, type Measure, quantile, startOf } from './bucket.ts'
import * as queries from './queries.ts'

/** What is shown of each range: an hour by minutes, a day by ten minutes, a month by days. */
const ranges = {
  hour: { step: 60, points: 60 },
  day: { step: 600, points: 144 },
  month: { step: 86_400, points: 30 },
} as const

export const ReadStatistics = Type.Object({
  range: Type.Optional(
    Type.Union([Type.Literal('hour'), Type.Literal('day'), Type.Literal('month')], {
      description: 'How far back; an hour when left out.',
    }),
  ),
  organization_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'Of one organisation; of everybody when left out.' }),
  ),
})

const Point = Type.Array(orNull(Type.Number({ description: 'A time, or a value.' })), {
  description: 'Seconds since 1970 at which the stretch begins, and its value; null: nobody could see.',
  examples: [[1_763_712_000, 41]],
})
const Series = Type.Object({
  measure: Type.String({
    description:
      'sign_ins, sign_in_success, sign_in_failed, sign_in_failed_by_reason, sign_in_seconds_p50, sign_in_seconds_p95, sessions, sessions_started or sessions_ended.',
    examples: ['sign_in_success'],
  }),
  method: orNull(Type.String({ description: 'How people signed in; null: all together.', examples: ['code'] })),
  reason: orNull(Type.String({ description: 'Why they could not; null: all together.', examples: ['wrong_code'] })),
  points: Type.Array(Point, { description: 'Oldest first, one for each stretch.' }),
})
export const Statistics = Type.Object(
  {
    range: Type.String({ description: 'As asked for.', examples: ['hour'] }),
    step_s: Type.Integer({ description: 'Seconds of each stretch.', examples: [60] }),
    from: Time('When the first stretch begins.'),
    to: Time('When the last one ends.'),
    as_of: orNull(Time('Up to when all is counted; null: never yet.')),
    series: Type.Array(Series, { description: 'One line of a chart each.' }),
    totals: Type.Record(Type.String(), orNull(Type.Number({ description: 'Null: unknown.', examples: [312] })), {
      description: 'The whole range in one number each; sessions is the last that was seen.',
    }),
  },
  { description: 'Sign-ins and sessions over time, of what was observed.' },
)

export interface Line {
  measure: string
  method: string | null
  reason: string | null
  points: [number, number | null][]
}

/** From what was added up before: as fast for a month as for an hour. */
export async function readStatistics(
  { db, clock }: { db: Database; clock: Clock },
  { range = 'hour', organization_id: organizationId = EVERYBODY }: Static<typeof ReadStatistics>,
) {
  const { step, points } = ranges[range]
  const now = clock.now()
  const to = new Date(startOf(now, step).getTime() + step * 1000)
  const from = new Date(to.getTime() - points * step * 1000)
  const buckets = await queries.bucketsOf(db, { organizationId, step, from, to })
  const isObserved = new Set(
    buckets.filter((bucket) => bucket.measure === 'observed').map((bucket) => bucket.at.getTime()),
  )
  const times = Array.from({ length: points }, (_, index) => from.getTime() + index * step * 1000)
  const own = buckets.filter((bucket) => bucket.organization_id === organizationId)
  const view: View = { times, isObserved, own }
  return {
    range,
    step_s: step,
    from,
    to,
    as_of: (await queries.readProgress(db))?.counted_until ?? null,
    series: linesOf(view),
    totals: totalsOf(view),
  }
}

interface View {
  times: number[]
  isObserved: ReadonlySet<number>
  own: readonly Bucket[]
}

const counted = (bucket: Bucket | undefined) => bucket?.count ?? 0
const averaged = (bucket: Bucket | undefined) => (bucket ? Math.round(bucket.sum / bucket.count) : null)
const quantileOf = (share: number) => (bucket: Bucket | undefined) => rounded(quantile(bucket?.histogram ?? [], share))
const rounded = (value: number | null) => value && Math.round(value * 100) / 100

function linesOf(view: View): Line[] {
  const line = (name: string, measure: Measure, method: string, read: (bucket?: Bucket) => number | null): Line => {
    const byTime = new Map(ofMeasure(view, measure, method).map((bucket) => [bucket.at.getTime(), bucket]))
    const isReason = measure === 'sign_in_failed_by_reason'
    return {
      measure: name,
      method: isReason ? null : method || null,
      reason: isReason ? method || null : null,
      points: view.times.map((at) => [at / 1000, view.isObserved.has(at) ? read(byTime.get(at)) : null]),
    }
  }
  const each = (name: string, measure: Measure, read: (bucket?: Bucket) => number | null): Line[] =>
    methodsOf(view, measure).map((method) => line(name, measure, method, read))
  return [
    ...each('sign_ins', 'sign_ins', counted),
    ...each('sign_in_success', 'sign_in_success', counted),
    ...each('sign_in_failed', 'sign_in_failed', counted),
    ...each('sign_in_failed_by_reason', 'sign_in_failed_by_reason', counted).filter((one) => one.reason !== null),
    ...each('sign_in_seconds_p50', 'sign_in_seconds', quantileOf(0.5)),
    ...each('sign_in_seconds_p95', 'sign_in_seconds', quantileOf(0.95)),
    line('sessions', 'sessions', '', averaged),
    line('sessions_started', 'sessions_started', '', counted),
    line('sessions_ended', 'sessions_ended', '', counted),
  ]
}

const ofMeasure = ({ own }: View, measure: Measure, method: string) =>
  own.filter((bucket) => bucket.measure === measure && bucket.method === method)

/** All together first, also when there is nothing yet. */
function methodsOf({ own }: View, measure: Measure): string[] {
  const there = new Set(own.filter((bucket) => bucket.measure === measure).map((bucket) => bucket.method))
  return ['', ...[...there].filter(Boolean).toSorted()]
}

function totalsOf(view: View): Record<string, number | null> {
  const isKnown = view.times.some((at) => view.isObserved.has(at))
  const whole = (measure: Measure) => addUp(ofMeasure(view, measure, ''), () => new Date(0))[0]
  const count = (measure: Measure) => (isKnown ? counted(whole(measure)) : null)
  const newest = ofMeasure(view, 'sessions', '').toSorted((one, other) => other.at.getTime() - one.at.getTime())[0]
  return {
    sign_ins: count('sign_ins'),
    sign_in_success: count('sign_in_success'),
    sign_in_failed: count('sign_in_failed'),
    sign_in_seconds_p50: quantileOf(0.5)(whole('sign_in_seconds')),
    sign_in_seconds_p95: quantileOf(0.95)(whole('sign_in_seconds')),
    sessions: averaged(newest),
    sessions_started: count('sessions_started'),
    sessions_ended: count('sessions_ended'),
  }
}
