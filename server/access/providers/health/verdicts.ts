import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/database/index.ts'
import type { Logger } from '../../../platform/log.ts'
import type { Verdict } from '../verdict.ts'
import { PROVIDERS_MAX } from './decide.ts'
import type { VerdictRow } from './judge.ts'
import { verdictsInForce } from './queries.ts'

/** Every verdict as this process last saw it, for pages; a sign-in reads the row itself. */
export function openVerdicts({ background, clock, log }: { background: Database; clock: Clock; log: Logger }) {
  const known = new Map<string, { row: VerdictRow; setAt: number }>()
  const listeners = new Set<(verdict: Verdict) => void>()
  let changes = 0
  let readAt: Date | null = null

  function take(row: VerdictRow): void {
    const last = known.get(row.provider_id)
    known.set(row.provider_id, { row, setAt: ++changes })
    if (last?.row.epoch === row.epoch) return
    for (const listener of listeners) {
      try {
        listener(row)
      } catch (error) {
        // One listener's bug must not keep the others from being told.
        log.error({ err: error }, 'a listener of verdicts failed')
      }
    }
  }
  return {
    of: (providerId: string): VerdictRow | undefined => known.get(providerId)?.row,
    all: () => [...known.values()].map(({ row }) => row),
    take,
    /** Null: never. */
    readAt: () => readAt,
    async read(): Promise<void> {
      const startedAt = changes
      const rows = await verdictsInForce(background, PROVIDERS_MAX)
      readAt = clock.now()
      const kept = new Set(rows.map((row) => row.provider_id))
      for (const id of known.keys()) if (!kept.has(id)) known.delete(id)
      // What was decided here while the rows were read is newer than they are.
      for (const row of rows) if ((known.get(row.provider_id)?.setAt ?? 0) <= startedAt) take(row)
    },
    onVerdict(listener: (verdict: Verdict) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
export type Verdicts = ReturnType<typeof openVerdicts>
