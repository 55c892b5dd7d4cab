import type { Clock } from '../../../platform/clock.ts'
import { type Database, DatabaseOutage } from '../../../platform/database/index.ts'
import type { Logger } from '../../../platform/log.ts'
import type { EvidenceSeen } from '../evidence.ts'
import { insertEvidence } from './queries.ts'

/** Of one provider between two writes: a sign-in that goes well says no more when there are a thousand of it. */
const PENDING_OF_ONE = 5
const PENDING_MAX = 500

export interface KeepParts {
  background: Database
  clock: Clock
  log: Logger
  processId: string
  /** What was written, provider by provider. */
  onKept(providerId: string, rows: readonly EvidenceSeen[]): Promise<void>
}

/** Evidence on its way into the database. In an outage of ours it is dropped: nothing can be judged then anyway. */
export function openKeepEvidence({ background, clock, log, processId, onKept }: KeepParts) {
  let pending: { seen: EvidenceSeen; atMs: number }[] = []

  async function keep(rows: readonly { seen: EvidenceSeen; beganMs: number }[]): Promise<void> {
    if (rows.length === 0) return
    const nowMs = clock.monotonicMs()
    const told = rows.map(({ seen, beganMs }) => ({ ...seen, age_ms: Math.max(0, Math.round(nowMs - beganMs)) }))
    try {
      await insertEvidence(background, processId, told)
      for (const [id, of] of Map.groupBy(told, (row) => row.provider_id)) await onKept(id, of)
    } catch (error) {
      if (!(error instanceof DatabaseOutage)) throw error
      log.debug({ err: error }, 'evidence about providers could not be kept')
    }
  }
  return {
    keep,
    /** A real sign-in waits for nothing here. */
    note(seen: EvidenceSeen): void {
      const like = pending.filter(({ seen: { provider_id, kind, outcome } }) => {
        return provider_id === seen.provider_id && kind === seen.kind && outcome === seen.outcome
      })
      if (like.length >= PENDING_OF_ONE || pending.length >= PENDING_MAX) return
      pending.push({ seen, atMs: clock.monotonicMs() })
    },
    async flush(): Promise<void> {
      const taken = pending
      pending = []
      await keep(taken.map(({ seen, atMs }) => ({ seen, beganMs: atMs })))
    },
  }
}
