import type { HealthState } from '../../platform/database/index.ts'

/** Something access leans on, as last seen. Unknown is not ok: what could not be seen is said to be unknown (law 6). */
export interface Dependency {
  name: string
  state: HealthState
  since: Date
  /** When it was last seen to be as it is said. */
  seenAt: Date | null
  /** A plain sentence: what is, and whom it affects. */
  detail: string
  /** Without it everything works, slower: it makes nothing unready. */
  isOptional?: boolean
}

export type ReadDependency = () => Dependency

export function overallState(dependencies: readonly Pick<Dependency, 'state' | 'isOptional'>[]): HealthState {
  const states = dependencies.filter(({ isOptional }) => !isOptional).map(({ state }) => state)
  if (states.includes('failing')) return 'failing'
  return states.includes('unknown') ? 'unknown' : 'ok'
}

export function shownDependency(dependency: Dependency, now: Date) {
  return {
    name: dependency.name,
    state: dependency.state,
    since: dependency.since,
    age_ms: dependency.seenAt ? Math.max(0, now.getTime() - dependency.seenAt.getTime()) : null,
    detail: dependency.detail,
  }
}
