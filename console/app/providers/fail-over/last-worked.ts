import type { Exercise, Exercises } from '../../api/wire/fail-over.ts'
import type { Dependency } from '../../api/wire.ts'
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

export const methodNames: Record<Exercise['method'], string> = { passkey: 'Passkey', code: 'Code by e-mail' }

/** As something that is watched, where it does not work or nobody can say that it does; null: all is well. */
export function fallBackAsDependency(exercises: Pick<Exercises, 'data' | 'standing'>): Dependency | null {
  const all = lastWorked(exercises)
  const failing = all.filter(({ state }) => state === 'failing')
  const unseen = all.filter(({ state }) => state === 'unknown')
  const [worst] = [...failing, ...unseen]
  if (!worst) return null
  const names = (failing.length > 0 ? failing : unseen).map(({ method }) => methodNames[method]).join(', ')
  const said =
    failing.length > 0
      ? `${names}: the last exercises failed. ${worst.failed ?? ''}`
      : `${names}: not exercised well for so long that nobody can say that it works.`
  return {
    name: 'fall-back',
    state: failing.length > 0 ? 'failing' : 'unknown',
    since: worst.at,
    age_ms: null,
    detail: `${said.trim()} Nobody is affected before a provider goes down.`,
  }
}
