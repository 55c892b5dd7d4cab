import { isSameJson } from '../../../../sdk/evaluate.ts'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import type { LogKind } from '../entry.ts'
import { refuse } from '../refusals.ts'
import type { Management } from './management.ts'
import { kindOf, ofDefinition } from './told.ts'

type Named = Readonly<Record<string, unknown>>

/** What differs between an instant and what is served now; of flags, segments and the metadata of all. */
export async function compareFlags({ flags }: Management, at: Date) {
  const { definition: then } = await flags.reads.at(at)
  const current = flags.current()
  if (!current) throw refuse('none_yet')
  const { body } = current
  const ofFlags = compare('flag', then.flags as Named, body.flags)
  const ofSegments = compare('evaluator', then.$evaluators ?? {}, body.evaluators)
  const ofSet = isSameJson(then.metadata ?? {}, body.metadata)
    ? []
    : [{ kind: 'set', key: '', diff: ofDefinition('set', then.metadata ?? {}, body.metadata) }]
  return {
    number: sayNumber(current),
    at: at.toISOString(),
    added: [...ofFlags.added, ...ofSegments.added],
    removed: [...ofFlags.removed, ...ofSegments.removed],
    changed: [...ofFlags.changed, ...ofSegments.changed, ...ofSet],
  }
}

function compare(kind: LogKind, then: Named, now: Named) {
  const changed = Object.entries(now).flatMap(([key, definition]) =>
    Object.hasOwn(then, key) && !isSameJson(then[key], definition)
      ? [{ kind: kindOf(kind), key, diff: ofDefinition(kind, then[key], definition) }]
      : [],
  )
  return {
    added: Object.keys(now).filter((key) => !Object.hasOwn(then, key)),
    removed: Object.keys(then).filter((key) => !Object.hasOwn(now, key)),
    changed,
  }
}
