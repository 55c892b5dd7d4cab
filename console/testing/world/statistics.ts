import type { Range, Series, Statistics } from '../../app/api/wire/statistics.ts'

const steps: Record<Range, { step: number; count: number }> = {
  hour: { step: 60, count: 60 },
  day: { step: 600, count: 144 },
  month: { step: 86_400, count: 30 },
}
const methods = ['code', 'link'] as const

/** What a stretch looked like, as a share of the usual. */
interface Stretch {
  isUnknown: boolean
  signIns: Record<(typeof methods)[number], number>
  failedShare: number
  seconds: Record<(typeof methods)[number], number>
  sessions: number
}

/** A day of people: few at night, many at ten and at two, and a stretch in which nobody could look. */
export function makeStatistics(range: Range, nowMs: number, share: number): Statistics {
  const { step, count } = steps[range]
  const stretches = Array.from({ length: count }, (_, index) => stretchAt(index, { count, share: share * (step / 60) }))
  return statisticsOf(range, nowMs, stretches)
}

export function emptyStatistics(range: Range, nowMs: number): Statistics {
  const nobody = { code: 0, link: 0 }
  const stretch = { isUnknown: false, signIns: nobody, failedShare: 0, seconds: nobody, sessions: 0 }
  return statisticsOf(
    range,
    nowMs,
    Array.from({ length: steps[range].count }, () => stretch),
  )
}

function stretchAt(index: number, { count, share }: { count: number; share: number }): Stretch {
  const wave = 1 + 0.6 * Math.sin(index / (count / 9)) + 0.25 * Math.sin(index * 2.4)
  return {
    isUnknown: index >= Math.floor(count * 0.52) && index < Math.floor(count * 0.6),
    signIns: {
      code: Math.round(share * 14 * wave),
      link: Math.round(share * 6 * (wave + 0.3 * Math.cos(index * 1.7))),
    },
    failedShare: index === Math.floor(count * 0.8) ? 0.12 : 0.02 + 0.015 * Math.sin(index),
    seconds: { code: 21 + 3 * Math.sin(index / 4), link: 34 + 4 * Math.cos(index / 5) },
    sessions: Math.round(41_000 + 900 * Math.sin(index / (count / 5))),
  }
}

function statisticsOf(range: Range, nowMs: number, stretches: readonly Stretch[]): Statistics {
  const { step } = steps[range]
  const end = Math.floor(nowMs / 1000 / step) * step
  const timeAt = (index: number) => end - (stretches.length - 1 - index) * step
  const line = (measure: string, method: string | null, value: (stretch: Stretch) => number | null): Series => ({
    measure,
    method,
    reason: null,
    points: stretches.map((stretch, index) => [timeAt(index), stretch.isUnknown ? null : value(stretch)] as const),
  })
  const each = (measure: string, value: (stretch: Stretch, method: (typeof methods)[number]) => number | null) =>
    methods.map((method) => line(measure, method, (stretch) => value(stretch, method)))
  const sum = ({ signIns }: Stretch) => signIns.code + signIns.link
  const failed = (stretch: Stretch, of: number) => Math.round(stretch.failedShare * of)
  const known = stretches.filter(({ isUnknown }) => !isUnknown)
  const total = known.reduce((all, stretch) => all + sum(stretch), 0)
  const lost = known.reduce((all, stretch) => all + failed(stretch, sum(stretch)), 0)
  return {
    range,
    step_s: step,
    from: new Date(timeAt(0) * 1000).toISOString(),
    to: new Date((end + step) * 1000).toISOString(),
    as_of: new Date(nowMs - 4000).toISOString(),
    series: [
      line('sign_ins', null, sum),
      ...each('sign_ins', ({ signIns }, method) => signIns[method]),
      line('sign_in_success', null, (stretch) => sum(stretch) - failed(stretch, sum(stretch))),
      ...each(
        'sign_in_success',
        (stretch, method) => stretch.signIns[method] - failed(stretch, stretch.signIns[method]),
      ),
      line('sign_in_failed', null, (stretch) => failed(stretch, sum(stretch))),
      ...each('sign_in_seconds_p50', ({ seconds, signIns }, method) => (signIns[method] > 0 ? seconds[method] : null)),
      ...each('sign_in_seconds_p95', ({ seconds, signIns }, method) =>
        signIns[method] > 0 ? seconds[method] * 3.4 : null,
      ),
      line('sessions', null, ({ sessions }) => sessions),
      line('sessions_started', null, sum),
      line('sessions_ended', null, (stretch) => Math.round(sum(stretch) * 0.8)),
    ],
    totals: {
      sign_ins: total,
      sign_in_success: total - lost,
      sign_in_failed: lost,
      sign_in_seconds_p50: total > 0 ? 23.4 : null,
      sign_in_seconds_p95: total > 0 ? 81.2 : null,
      sessions: stretches.at(-1)?.sessions ?? null,
      sessions_started: total,
      sessions_ended: Math.round(total * 0.8),
    },
  }
}
