import type { Reason } from '../../../../sdk/contract.ts'

/** Kinds of ends that have a rhythm of their own. */
export const classes = {
  own: 'people’s own sign-outs',
  administrator: 'ends by administrators',
  itself: 'sessions that ran out',
  refused: 'sessions that nobody here knows',
  unexplained: 'sessions that are gone without an end',
} as const
export type SignOutClass = keyof typeof classes
export const RHYTHMIC = ['own', 'administrator', 'itself', 'refused'] as const satisfies SignOutClass[]

const BY_ADMINISTRATOR: ReadonlySet<string> = new Set<Reason>(['revoked', 'blocked', 'account_deleted', 'restored'])
const BY_ITSELF: ReadonlySet<string> = new Set<Reason>(['idle', 'expired'])
/** Not an end: what a verifier refused although the browser showed something. Kept beside the ends, under this name. */
export const REFUSED = 'refused'

export function classOf(reason: string): SignOutClass {
  if (reason === REFUSED) return 'refused'
  if (BY_ADMINISTRATOR.has(reason)) return 'administrator'
  return BY_ITSELF.has(reason) ? 'itself' : 'own'
}

/** What was counted in time that can be compared: the same hour of the last days. */
export interface Usual {
  counted: number
  minutes: number
}

/** Minutes that are looked at together: a storm shows in one, a leak in thirty. */
export const WINDOWS_MIN = [1, 5, 30] as const
/**
 * How improbable a count has to be. Judged once a minute with three windows in four classes that is 17 280 judgements a day:
 * fewer than one false alarm in a year and a half, if days differ by no more than that.
 */
const IMPROBABLE = 1e-7
/** Below this nothing is worth waking anybody, however quiet the nights are. */
const LEAST = 5
/** One day is not like another: the days behind us count for a quarter of what they would if they were. */
const TRUST = 0.25
/** Before anything is known: half an end in a minute, believed little. */
const PRIOR = { counted: 0.5, minutes: 1 }
/** However many ends are known, a Monday is not a Sunday: the rate is never believed more closely than to a third. */
const SHAPE_MAX = 10
/** As probable as this is ordinary again. */
const ORDINARY = 1e-3
/** An episode is over when it has been ordinary for so long. */
export const QUIET_MIN = 10

export interface Judged {
  isUnusual: boolean
  isOrdinary: boolean
  counted: number
  windowMin: number
  /** What there usually is in that window. */
  usual: number
}

/** Judges one class at one minute; `counted` answers for the last so many minutes. Pure. */
export function judgeClass(counted: (windowMin: number) => number, usual: Usual | undefined): Judged {
  if (!usual) return { isUnusual: false, isOrdinary: true, counted: counted(1), windowMin: 1, usual: 0 }
  const judged = WINDOWS_MIN.map((windowMin) => {
    const count = counted(windowMin)
    return { windowMin, count, probability: probabilityOf(count, windowMin, usual) }
  })
  const worst = judged.reduce((one, other) => (other.probability < one.probability ? other : one))
  const isUnusual = judged.some(({ count, probability }) => count >= LEAST && probability < IMPROBABLE)
  const isOrdinary = judged.every(({ count, probability }) => count < LEAST || probability > ORDINARY)
  const { windowMin, count } = worst
  return { isUnusual, isOrdinary, counted: count, windowMin, usual: rateOf(usual) * windowMin }
}

export const rateOf = ({ counted, minutes }: Usual) => (minutes > 0 ? counted / minutes : 0)

/**
 * How probable it is to count as many or more, by what is usual: Poisson, with the uncertainty about its rate (Gamma) carried
 * along. So a night in which nobody was ever signed out is not taken for a promise that nobody will be (incident 6:
 * ClickFunnels' night traffic was too low for thresholds on rates).
 */
export function probabilityOf(count: number, windowMin: number, usual: Usual): number {
  if (count <= 0) return 1
  const known = PRIOR.counted + usual.counted * TRUST
  const shape = Math.min(SHAPE_MAX, known)
  const exposure = (PRIOR.minutes + usual.minutes * TRUST) * (shape / known)
  const share = windowMin / (exposure + windowMin)
  const mean = (shape * windowMin) / exposure
  if (count <= mean) return 1
  let log = shape * Math.log1p(-share)
  for (let n = 0; n < count; n++) log += Math.log(((n + shape) / (n + 1)) * share)
  let [sum, term] = [0, Math.exp(log)]
  for (let n = count; n < count + TERMS_MAX && term > sum * 1e-12; n++) {
    sum += term
    term *= ((n + shape) / (n + 1)) * share
  }
  return Math.min(1, sum)
}
/** The terms fall geometrically beyond the mean; these are enough for every share there is. */
const TERMS_MAX = 5000

/**
 * What is usual at this hour. One day that was itself an incident must not make the next one look usual: of four days or more
 * the fullest is left out. Before three days are known it is the busiest hour of the last day, and on the very first day
 * nothing is known of the rhythm, so that nothing is called unusual: undefined.
 */
export function usualOf(days: readonly Usual[], hours: readonly Usual[]): Usual | undefined {
  const seen = days.filter((day) => day.minutes > 0)
  if (seen.length < DAYS_MIN) {
    const isWhole = hours.length === 24 && hours.every((hour) => hour.minutes >= 60)
    return isWhole ? hours.reduce((one, other) => (other.counted > one.counted ? other : one)) : undefined
  }
  const fullest = seen.length >= 4 ? Math.max(...seen.map((day) => day.counted)) : undefined
  const without = fullest === undefined ? -1 : seen.findIndex((day) => day.counted === fullest)
  return seen
    .filter((_, index) => index !== without)
    .reduce((sum, day) => ({ counted: sum.counted + day.counted, minutes: sum.minutes + day.minutes }), {
      counted: 0,
      minutes: 0,
    })
}
/** With fewer days behind us one of them could be anything. */
const DAYS_MIN = 3
