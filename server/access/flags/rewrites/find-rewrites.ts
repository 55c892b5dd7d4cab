import type { Parsed } from '../../../../sdk/flags/snapshot.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Position } from '../following/queries.ts'
import type { Fault } from '../following/standing.ts'
import { rewriteTold } from '../following/tell-standing.ts'
import { openEntries } from './rewritten-entries.ts'
import { openLog } from './rewritten-log.ts'

/** What numbers and counts do not show: a row that is there and says something else than what was signed. */
export interface Rewrites {
  /** One look at a time. */
  find(db: Queries, position: Position, held: Parsed, window: { olderFrom: number }): Promise<Fault | undefined>
  /** As it was last found, in the epoch of `held`: a restore ends it. */
  found(held: Parsed): Fault | undefined
}

/** What was compared, and with what, since the last restore. */
interface Looked {
  epoch: number
  findInEntries: ReturnType<typeof openEntries>
  findInLog: ReturnType<typeof openLog>
  /** By a process that saw the log before it was rewritten: what a new one finds there it takes for what it was. */
  told: Fault | undefined
  fault: Fault | undefined
}

export function openRewrites(): Rewrites {
  let looked: Looked | undefined

  async function begin(db: Queries, epoch: number): Promise<Looked> {
    const told = await rewriteTold(db, epoch)
    return { epoch, findInEntries: openEntries(), findInLog: openLog(), told, fault: told }
  }

  return {
    async find(db, { head, entries_print: print }, held, { olderFrom }) {
      const { epoch } = held.body
      if (looked?.epoch !== epoch) looked = await begin(db, epoch)
      const { findInEntries, findInLog } = looked
      if (looked.told) looked.told = await rewriteTold(db, epoch)
      const inEntries = await findInEntries(db, print, held)
      const inLog = await findInLog(db, head?.changes ?? 0, olderFrom)
      looked.fault = inEntries ?? inLog ?? looked.told
      return looked.fault
    },
    found: ({ body }) => (looked?.epoch === body.epoch ? looked.fault : undefined),
  }
}
