import { isFailure } from '../api/failure.ts'
import type { Dependency } from '../api/wire.ts'

/** What is away, so that pages can say what they cannot know. Access first: without it nothing else is known. */
export interface Outage {
  of: 'access' | 'database'
  /** Null when this page was opened after it had begun. */
  since: string | null
  detail: string | null
}

export function outageOf(seen: {
  overview: { dependencies: readonly Dependency[] } | undefined
  failure: unknown
  /** When access last answered. */
  answeredAt: string | null
}): Outage | null {
  const { overview, failure, answeredAt } = seen
  if (isFailure(failure, 'silent')) return { of: 'access', since: answeredAt, detail: null }
  if (isFailure(failure, 'unknown')) {
    return { of: 'database', since: failure.problem?.since ?? null, detail: failure.problem?.detail ?? null }
  }
  const database = overview?.dependencies.find(({ name }) => name === 'database')
  if (!database || database.state === 'ok') return null
  return { of: 'database', since: database.since, detail: database.detail }
}

/** Why nothing can be changed now; null when it can. Buttons are disabled with it, not hidden. */
export function reasonNotToAct(outage: Outage | null): string | null {
  if (!outage) return null
  return outage.of === 'access'
    ? 'Access does not answer. This is possible again when it does.'
    : 'The database does not answer. This is possible again when it does.'
}
