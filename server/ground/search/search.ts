import { DatabaseOutage } from '../../platform/database/index.ts'
import { DeadlineExceeded, within } from '../../platform/deadline.ts'
import type { Call } from '../../platform/http/index.ts'
import { Refusal } from '../../platform/refusal.ts'

export interface Found {
  kind: string
  id: string
  title: string
  subtitle: string | null
  /** A page of the console. */
  url: string
}

export interface Searcher {
  kind: string
  /**
   * What fits, the best first. Throws a refusal when this caller may not see things of this kind, and an outage when
   * nobody could tell.
   */
  find(call: Call, query: string, limit: number): Promise<Found[]>
}

export const FOUND_A_KIND_MAX = 5
/** Longer than a list takes with a million rows in it, shorter than anybody waits for a list under their fingers. */
const PATIENCE_MS = 800

export async function search(
  searchers: readonly Searcher[],
  call: Call,
  query: string,
  patienceMs = PATIENCE_MS,
): Promise<{ data: Found[]; partial: string[] }> {
  const words = query.trim().normalize('NFKC')
  if (words === '') return { data: [], partial: [] }
  const partial: string[] = []
  const found = await Promise.all(
    searchers.map(async ({ kind, find }) => {
      try {
        const there = await within(patienceMs, kind, find(call, words, FOUND_A_KIND_MAX))
        return there.slice(0, FOUND_A_KIND_MAX)
      } catch (error) {
        // Who may not see a kind is not told that there is one.
        if (error instanceof Refusal && error.status < 500) return []
        if (!(error instanceof DatabaseOutage || error instanceof DeadlineExceeded || error instanceof Refusal))
          throw error
        partial.push(kind)
        return []
      }
    }),
  )
  return { data: found.flat(), partial }
}
