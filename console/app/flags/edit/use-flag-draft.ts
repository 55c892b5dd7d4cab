import { useState } from 'react'
import type { FlagDefinition } from '@holdfast/sdk/evaluate'
import type { FlagSeen } from '../read-flags.ts'
import { asFlag, changesOf, type Draft, draftOf, linesOf, withDefinition } from './draft.ts'
import { mergeDrafts } from './merge-drafts.ts'

interface Editing {
  /** As it was when somebody began to change it: what is read meanwhile must not look like a change of theirs. */
  base: FlagSeen
  draft: Draft
  /** JSON that is being typed, and is not a flag yet; null: the draft says it. */
  typed: { text: string; wrong: string | null } | null
}

export type FlagDraft = ReturnType<typeof useFlagDraft>

/** What is being changed of a flag, and what others changed of it meanwhile. Nothing of either is ever dropped unasked. */
export function useFlagDraft(flag: FlagSeen) {
  const [editing, setEditing] = useState<Editing | null>(null)
  const isTouched =
    editing !== null && (editing.typed?.wrong != null || Object.keys(changesOf(editing.base, editing.draft)).length > 0)
  // What was changed back is no change: then the newest reading is what is edited.
  const current = editing && (isTouched || editing.base.version === flag.version) ? editing : null
  const base = current?.base ?? flag
  const draft = current?.draft ?? draftOf(flag)
  const isChanged = current !== null && isTouched
  // Seen from the newest reading: somebody else saved since this was begun.
  const theirs = isChanged && flag.version !== base.version && !flag.isServed ? flag : null
  const put = (next: Draft, typed: Editing['typed'] = null) => setEditing({ base, draft: next, typed })
  return {
    base,
    draft,
    isChanged,
    theirs,
    typed: current?.typed ?? null,
    lines: linesOf(base, asFlag(draft)),
    change: (how: (before: Draft) => Draft) => put(how(draft)),
    type(text: string) {
      const read = readFlag(text)
      if (typeof read === 'string') put(draft, { text, wrong: read })
      else put(withDefinition(draft, read), { text, wrong: null })
    },
    discard: () => setEditing(null),
    mergeWith(theirFlag: FlagSeen) {
      setEditing({ base: theirFlag, draft: mergeDrafts(base, draft, theirFlag).draft, typed: null })
    },
  }
}

/** A definition, or why what was typed is none; what it means is judged by access. */
function readFlag(text: string): FlagDefinition | string {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}.`
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return 'Write one flag: an object.'
  const { state, variants, metadata } = read as Partial<FlagDefinition>
  if (state !== 'ENABLED' && state !== 'DISABLED') return 'Write "state": "ENABLED" or "DISABLED".'
  if (typeof variants !== 'object' || variants === null || Array.isArray(variants))
    return 'Write "variants" as an object: a value by its name.'
  if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)))
    return 'Write "metadata" as an object: a text, a number or a boolean by its name. Or leave it out.'
  return read as FlagDefinition
}
