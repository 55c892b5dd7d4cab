import type { FlagDefinition } from '../../../../sdk/evaluate.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { isSame } from '../changing/change-of.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { liveEntry } from './edit-entry.ts'

export interface KillFlag {
  key: string
  /** For everybody from now on. Left out: the flag is disabled, and every caller's own default counts. */
  variant?: string | undefined
  reason?: string | null | undefined
}

/** One step, whatever anybody else changed meanwhile: who pulls this has no time to look. `undo` takes it back. */
export async function killFlag(
  parts: Parts,
  tx: Queries,
  by: By,
  { key, variant, reason }: KillFlag,
): Promise<Changed> {
  return changeFlags(parts, tx, {
    by,
    deed: 'kill',
    reason,
    async decide(base) {
      const { before } = await liveEntry(base, 'flag', key)
      const definition = before.definition as FlagDefinition
      const names = Object.keys(definition.variants)
      if (variant !== undefined && !names.includes(variant)) {
        throw refuse('no_such_variant', { key, variant, list: names.join(', ') })
      }
      const after = { ...before, definition: killed(definition, variant) }
      return isSame(before, after) ? [] : [{ kind: 'flag', key, before, after, entry: 'put' }]
    },
  })
}

function killed(definition: FlagDefinition, variant: string | undefined): FlagDefinition {
  if (variant === undefined) return { ...definition, state: 'DISABLED' }
  const { targeting: _, ...plain } = definition
  return { ...plain, state: 'ENABLED', defaultVariant: variant }
}
