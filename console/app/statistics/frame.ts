import type { Series, Statistics } from '../api/wire/statistics.ts'

/**
 * One stretch of one line. `unknown`: nobody was there to see. `nothing`: it was seen, and there is no such figure, as the
 * success of no sign-ins. The two are never drawn alike, and neither is 0.
 */
export type Cell = number | 'nothing' | 'unknown'

export interface Line {
  name: string
  cells: readonly Cell[]
  /** The slower of two that belong together. */
  isDashed?: boolean
  /** Lines of one method have one colour. */
  colour: number
}

export type Unit = 'count' | 'share' | 'seconds'

export interface Frame {
  name: string
  /** What the lines tell, in a sentence. */
  about: string
  unit: Unit
  /** When each stretch begins, in seconds since 1970. */
  times: readonly number[]
  lines: readonly Line[]
}

const methodNames: Record<string, string> = {
  code: 'Code',
  link: 'Link',
  otp: 'Code or link',
  passkey: 'Passkey',
  provider: 'Provider',
  'recovery-code': 'Recovery code',
  rescue: 'Let in by staff',
  'break-glass': 'Printed code',
}
export const nameOfMethod = (method: string): string => methodNames[method] ?? method

/** The charts of the page, out of one answer. */
export function framesOf(statistics: Statistics): Frame[] {
  const times = statistics.series[0]?.points.map(([at]) => at) ?? []
  const methods = methodsOf(statistics.series)
  const cells = (measure: string, method: string | null) => cellsOf(statistics.series, measure, method, times)
  const byMethod = (measure: string): Line[] =>
    methods.map((method, colour) => ({ name: sayMethod(method), cells: cells(measure, method), colour }))
  const sessions = cells('sessions', null)
  return [
    {
      name: 'Sign-ins',
      about: 'Every attempt, by how somebody signed in.',
      unit: 'count',
      times,
      lines: byMethod('sign_ins'),
    },
    {
      name: 'Success',
      about: 'How many of them got in. A wrong code counts as one that did not.',
      unit: 'share',
      times,
      lines: methods.map((method, colour) => ({
        name: sayMethod(method),
        cells: shares(cells('sign_in_success', method), cells('sign_ins', method)),
        colour,
      })),
    },
    {
      name: 'Time to sign in',
      about: 'From the first step to being in: half are faster than p50, all but one in twenty faster than p95.',
      unit: 'seconds',
      times,
      lines: methods.flatMap((method, colour) => [
        { name: `${sayMethod(method)} p50`, cells: cells('sign_in_seconds_p50', method), colour },
        { name: `${sayMethod(method)} p95`, cells: cells('sign_in_seconds_p95', method), colour, isDashed: true },
      ]),
    },
    {
      name: 'Sessions begun and ended',
      about: 'An end is a sign-out, a revocation, or time that has run out.',
      unit: 'count',
      times,
      lines: [
        { name: 'Begun', cells: cells('sessions_started', null), colour: 0 },
        { name: 'Ended', cells: cells('sessions_ended', null), colour: 1 },
      ],
    },
    // Live sessions are sampled for all organisations together; of one there is no line.
    ...(statistics.series.some(({ measure }) => measure === 'sessions')
      ? [
          {
            name: 'Live sessions',
            about: 'Who was signed in, sampled once a minute.',
            unit: 'count' as const,
            times,
            lines: [{ name: 'Live', cells: sessions, colour: 0 }],
          },
        ]
      : []),
  ]
}

/** Those that were used; all together when none has a name of its own. */
function methodsOf(series: readonly Series[]): (string | null)[] {
  const named = series.filter(({ measure, method }) => measure === 'sign_ins' && method !== null)
  return named.length > 0 ? named.map(({ method }) => method) : [null]
}

const sayMethod = (method: string | null) => (method === null ? 'All' : nameOfMethod(method))

function cellsOf(series: readonly Series[], measure: string, method: string | null, times: readonly number[]): Cell[] {
  const line = series.find((each) => each.measure === measure && each.method === method && each.reason === null)
  const observed = series.find((each) => each.measure === 'sign_ins' && each.method === null) ?? series[0]
  return times.map((_, index) => {
    const value = line?.points[index]?.[1] ?? null
    if (value !== null) return value
    // Access counts what it saw: where it counted sign-ins, even none, it was there.
    return observed?.points[index]?.[1] == null ? 'unknown' : 'nothing'
  })
}

function shares(parts: readonly Cell[], wholes: readonly Cell[]): Cell[] {
  return wholes.map((whole, index) => {
    const part = parts[index] ?? 'unknown'
    if (typeof whole !== 'number') return whole
    if (whole === 0) return 'nothing'
    return typeof part === 'number' ? part / whole : part
  })
}

/** The stretches in which nobody could see: from the start of the first to the end of the last. */
export function unknownStretches({ times, lines }: Frame, stepS: number): (readonly [from: number, to: number])[] {
  const isUnknown = (index: number) => lines.length > 0 && lines.every(({ cells }) => cells[index] === 'unknown')
  const found: [number, number][] = []
  for (const [index, at] of times.entries()) {
    if (!isUnknown(index)) continue
    const last = found.at(-1)
    if (last && last[1] === at) last[1] = at + stepS
    else found.push([at, at + stepS])
  }
  return found
}
