import type { Range, Series, Statistics } from '../../app/api/wire/statistics.ts'

const MINUTE_S = 60
const steps: Record<Range, { step: number; count: number }> = {
  hour: { step: MINUTE_S, count: 60 },
  day: { step: 15 * MINUTE_S, count: 96 },
  month: { step: 24 * 60 * MINUTE_S, count: 30 },
}

/** A day of people: few at night, many at ten and at two, and a stretch in which nobody could look. */
export function makeStatistics(range: Range, nowMs: number, share: number): Statistics {
  const { step, count } = steps[range]
  const end = Math.floor(nowMs / 1000 / step) * step
  const times = Array.from({ length: count }, (_, index) => end - (count - 1 - index) * step)
  const isUnknown = (index: number) => index >= Math.floor(count * 0.52) && index < Math.floor(count * 0.6)
  const line = (measure: string, method: string | null, value: (index: number) => number): Series => ({
    measure,
    method,
    points: times.map((at, index) => [at, isUnknown(index) ? null : value(index)] as const),
  })
  const wave = (index: number, size: number) =>
    Math.max(0, Math.round(share * size * (1 + 0.6 * Math.sin(index / (count / 9)) + 0.25 * Math.sin(index * 2.4))))
  const size = step / MINUTE_S
  const rate = (index: number) => (index === Math.floor(count * 0.8) ? 0.91 : 0.985 + 0.01 * Math.sin(index))
  return {
    range,
    step_s: step,
    from: new Date(times[0]! * 1000).toISOString(),
    to: new Date((end + step) * 1000).toISOString(),
    as_of: new Date(nowMs - 4000).toISOString(),
    series: [
      line('sign_ins', 'code', (index) => wave(index, 14 * size)),
      line('sign_ins', 'link', (index) => wave(index + 3, 6 * size)),
      line('sign_in_success', 'code', rate),
      line('sign_in_success', 'link', (index) => Math.min(1, rate(index) + 0.005)),
      line('sign_in_seconds_p50', 'code', (index) => 21 + 3 * Math.sin(index / 4)),
      line('sign_in_seconds_p50', 'link', (index) => 34 + 4 * Math.cos(index / 5)),
      line('sign_in_seconds_p95', 'code', (index) => 74 + 11 * Math.sin(index / 3)),
      line('sign_in_seconds_p95', 'link', (index) => 118 + 9 * Math.cos(index / 4)),
      line('sessions', null, (index) => Math.round(share * (41_000 + 900 * Math.sin(index / (count / 5))))),
    ],
    totals: {
      sign_ins: Math.round(1204 * size * share),
      sign_in_success: 0.982,
      sign_in_seconds_p50: 23,
      sign_in_seconds_p95: 81,
      sessions: Math.round(41_233 * share),
    },
  }
}

export function emptyStatistics(range: Range, nowMs: number): Statistics {
  const full = makeStatistics(range, nowMs, 0)
  return {
    ...full,
    series: full.series.map(({ measure, method, points }) => ({
      measure,
      method,
      points: points.map(([at]) => [at, measure === 'sign_ins' || measure === 'sessions' ? 0 : null] as const),
    })),
    totals: { sign_ins: 0, sign_in_success: null, sign_in_seconds_p50: null, sign_in_seconds_p95: null, sessions: 0 },
  }
}
