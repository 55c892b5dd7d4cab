import { DatabaseOutage } from '../../../../platform/database/index.ts'
import { Refusal } from '../../../../platform/refusal.ts'
import type { Parts } from '../../parts.ts'
import { takeTurn } from '../turns/queries.ts'
import type { ExerciseKey } from './authenticator.ts'
import { EXERCISED_EVERY_MS, type Exercise, exerciseMethods, FAILING_FROM, isFailing } from './exercise.ts'
import * as queries from './queries.ts'
import { signInSynthetically } from './sign-in-synthetically.ts'

/** A month of three minutes is 30 000 rows. */
const KEPT_MS = 30 * 24 * 60 * 60_000
const DELETED_AT_ONCE = 100
const DETAIL_LENGTH_MAX = 200

/** Who exercises, by what key. */
export interface Exerciser {
  processId: string
  key: ExerciseKey
}

/**
 * Uses the fall-back before anybody needs it: a real ceremony and a real code, every three minutes, by one process of the
 * installation. What fails twice in a row is told; a fall-back that nobody has seen working is none.
 */
export async function exerciseFallBack(parts: Parts, exerciser: Exerciser): Promise<void> {
  const { background, clock } = parts
  const turn = { name: 'exercise', everyMs: EXERCISED_EVERY_MS, by: exerciser.processId }
  if (!(await takeTurn(background, turn, clock.now()))) return
  await exerciseNow(parts, exerciser)
}

/** Whoever's turn it is. */
export async function exerciseNow(parts: Parts, { processId, key }: Exerciser): Promise<void> {
  for (const method of exerciseMethods) {
    const at = parts.clock.now()
    const startedMs = parts.clock.monotonicMs()
    const fault = await faultOf(() => signInSynthetically(parts, method, key))
    const tookMs = Math.round(parts.clock.monotonicMs() - startedMs)
    await keep(parts, {
      ...{ method, at, process_id: processId, took_ms: tookMs },
      is_good: fault === undefined,
      detail: fault ?? null,
    })
  }
  const before = new Date(parts.clock.now().getTime() - KEPT_MS)
  await queries.deleteOldExercises(parts.background, before, DELETED_AT_ONCE)
}

/** Whatever goes wrong is what the exercise is for. Undefined: nothing did. */
async function faultOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return `Refused: ${error.code}.`
    const { message } = error as Error
    const said = error instanceof DatabaseOutage ? `The database: ${message}.` : `${message}.`
    return said.slice(0, DETAIL_LENGTH_MAX)
  }
}

/** Written by the fall-back's own pool where that works: only a COMMIT shows that one can be made. */
async function keep(parts: Parts, done: Omit<Exercise, 'id'>): Promise<void> {
  let kept = done
  try {
    if (done.is_good) await queries.insertExercise(parts.fallback, done)
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    kept = { ...done, is_good: false, detail: 'The sign-in went well, and then nothing could be committed.' }
  }
  await parts.background.transaction(async (db) => {
    if (!kept.is_good) await queries.insertExercise(db, kept)
    await tell(parts, db, kept)
  })
}

/** When it begins to fail, and when it works again; not each time in between. */
async function tell(parts: Parts, db: Parameters<Parts['signal']>[0], done: Omit<Exercise, 'id'>): Promise<void> {
  const newest = await queries.newestExercises(db, done.method, FAILING_FROM + 1)
  const [isNow, wasBefore] = [isFailing(newest), isFailing(newest.slice(1))]
  if (isNow === wasBefore) return
  const { method, detail } = done
  const kind = isNow ? 'fail-over.exercise-failing' : 'fail-over.exercise-good'
  await parts.signal(db, { kind, subject: method, facts: { method, ...(detail !== null && { detail }) } })
  if (isNow) parts.log.error({ method, detail }, 'the fall-back has failed twice in a row: nobody could sign in by it')
  else parts.log.warn({ method }, 'the fall-back works again')
}
