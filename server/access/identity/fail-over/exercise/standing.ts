import type { Queries } from '../../../../platform/database/index.ts'
import { type ExerciseMethod, exerciseMethods, FAILING_FROM, isFailing, STALE_MS } from './exercise.ts'
import * as queries from './queries.ts'

/** How one method of the fall-back stands, as its exercise shows. */
export interface ExerciseStanding {
  method: ExerciseMethod
  /** When it last worked; null: never yet. */
  last_good_at: Date | null
  is_failing: boolean
  /** Nothing that is young enough says that it works. */
  is_stale: boolean
}

export async function standingOfExercises(db: Queries, now: Date): Promise<ExerciseStanding[]> {
  const good = await queries.newestGood(db)
  const staleBefore = now.getTime() - STALE_MS
  const all: ExerciseStanding[] = []
  for (const method of exerciseMethods) {
    const last = good.find((each) => each.method === method)?.at ?? null
    all.push({
      method,
      last_good_at: last,
      is_failing: isFailing(await queries.newestExercises(db, method, FAILING_FROM)),
      is_stale: last === null || last.getTime() < staleBefore,
    })
  }
  return all
}
