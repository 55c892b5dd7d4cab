/** By what the synthetic identity signs in; each is a fall-back of its own. */
export const exerciseMethods = ['passkey', 'code'] as const
export type ExerciseMethod = (typeof exerciseMethods)[number]

export interface Exercise {
  id: string
  method: ExerciseMethod
  at: Date
  process_id: string
  is_good: boolean
  took_ms: number
  /** Where it failed. */
  detail: string | null
}

/** A fall-back that broke is seen three minutes later, and told for certain after six. */
export const EXERCISED_EVERY_MS = 3 * 60_000
/** One may be bad luck: a restart, a moment in which the database went away. */
export const FAILING_FROM = 2
/** After so long without one that was good, nobody can say that the fall-back works. */
export const STALE_MS = 15 * 60_000

/** Of one method, newest first. */
export const isFailing = (newest: readonly Pick<Exercise, 'is_good'>[]) =>
  newest.length >= FAILING_FROM && newest.slice(0, FAILING_FROM).every(({ is_good: isGood }) => !isGood)
