import { isSameJson } from '@holdfast/sdk/evaluate'
import type { Flag } from '../../api/wire/flags.ts'
import { asFlag, type Draft, draftOf } from './draft.ts'

export interface Merged {
  draft: Draft
  /** What both changed, and differently: mine stands there. */
  clashes: string[]
}

type Base = Pick<Flag, 'name' | 'description' | 'tags' | 'definition'>

/** Whose words people use for the parts of a flag. */
const parts: Record<string, string> = {
  name: 'name',
  description: 'description',
  tags: 'tags',
  state: 'on or off',
  variants: 'variants',
  defaultVariant: 'default variant',
  targeting: 'rule',
  metadata: 'metadata',
}

/** Mine on top of theirs: of each part whatever was changed from the base, and mine where both did. Nothing is lost unseen. */
export function mergeDrafts(base: Base, mine: Draft, theirs: Base): Merged {
  const before = partsOf(base)
  const own = partsOf(asFlag(mine))
  const other = partsOf(theirs)
  const clashes: string[] = []
  const merged: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(own), ...Object.keys(other)])) {
    const isMine = !isSameJson(own[name], before[name])
    const isTheirs = !isSameJson(other[name], before[name])
    if (isMine && isTheirs && !isSameJson(own[name], other[name])) clashes.push(parts[name] ?? name)
    merged[name] = isMine ? own[name] : other[name]
  }
  const { name, description, tags, ...definition } = merged
  const kept = Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined))
  return { draft: draftOf({ name, description, tags, definition: kept } as unknown as Base), clashes }
}

function partsOf({ name, description, tags, definition }: Base): Record<string, unknown> {
  return { ...definition, name, description, tags }
}
