import type { Exercise, Exercises } from '../../api/wire/fail-over.ts'
import type { State } from '../../ui/state-mark.tsx'

export interface LastWorked {
  method: Exercise['method']
  state: State
  /** When it last worked; null: never yet. */
  at: string | null
  tookMs: number | null
  /** Where the newest one failed. */
  failed: string | null
}

/** One that failed may be bad luck, two are none; none that was good for too long is unknown, and not good. */
export function lastWorked({ data, standing }: Pick<Exercises, 'data' | 'standing'>): LastWorked[] {
  return standing.map(({ method, last_good_at, is_failing, is_stale }) => {
    const its = data.filter((one) => one.method === method).toSorted((a, b) => b.at.localeCompare(a.at))
    const newest = its[0]
    const failed = newest && !newest.is_good ? (newest.detail ?? 'It failed.') : null
    return {
      method,
      state: is_failing ? 'failing' : is_stale ? 'unknown' : failed ? 'degraded' : 'ok',
      at: last_good_at,
      tookMs: its.find(({ is_good }) => is_good)?.took_ms ?? null,
      failed,
    }
  })
}
