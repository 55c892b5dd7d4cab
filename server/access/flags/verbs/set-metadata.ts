import type { FlagMetadata } from '../../../../sdk/evaluate.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { isSame, keptIn } from '../changing/change-of.ts'
import type { Base } from '../changing/lock-base.ts'
import type { FlagNumber, Row } from '../entry.ts'
import type { Parts } from '../parts.ts'
import { assertMadeOn } from './edit-entry.ts'

export interface SetMetadata {
  metadata: FlagMetadata
  made_on: FlagNumber
  reason?: string | null | undefined
}

/** What is said with every answer, of the set as a whole. */
export async function setMetadata(parts: Parts, tx: Queries, by: By, input: SetMetadata): Promise<Changed> {
  const { metadata, made_on: madeOn, reason } = input
  return changeFlags(parts, tx, {
    by,
    deed: 'set-metadata',
    reason,
    async decide(base) {
      assertMadeOn(await base.entry('set', ''), madeOn)
      return metadataRows(base, metadata)
    },
  })
}

export function metadataRows(base: Base, metadata: FlagMetadata): Row[] {
  const before = keptIn(base.previous.body, { kind: 'set', key: '' }, undefined)
  const after = { definition: metadata, name: null, description: null, tags: [] }
  return isSame(before, after) ? [] : [{ kind: 'set', key: '', before, after, entry: 'put' }]
}
