import { useState } from 'react'
import type { Segment } from '../api/wire/flags.ts'
import { complaintAbout } from '../flags/edit/complaints.ts'
import { changesOf, draftOf, type SegmentDraft, withJson, withPlain } from './segment-draft.ts'

export type EditedSegment = ReturnType<typeof useSegmentDraft>

/** What is being changed of a segment, on top of what it was then. */
export function useSegmentDraft(segment: Segment) {
  const [editing, setEditing] = useState<{ base: Segment; draft: SegmentDraft } | null>(null)
  const [typed, setTyped] = useState<{ text: string; wrong: string | null } | null>(null)
  const { base, draft } = editing ?? { base: segment, draft: draftOf(segment) }
  const isChanged = typed?.wrong != null || Object.keys(changesOf(base, draft)).length > 0
  const put = (next: SegmentDraft, text: typeof typed = null) => {
    setEditing({ base, draft: next })
    setTyped(text)
  }
  return {
    base,
    draft,
    isChanged,
    typed,
    /** What somebody else saved since. */
    theirs: isChanged && segment.version !== base.version ? segment : null,
    wrong: typed?.wrong ?? draft.plain?.conditions.map(complaintAbout).find((each) => each !== undefined) ?? null,
    put,
    ask: (plain: NonNullable<SegmentDraft['plain']>) => put(withPlain(draft, plain)),
    type(text: string) {
      try {
        put(withJson(draft, JSON.parse(text)), { text, wrong: null })
      } catch (error) {
        put(draft, { text, wrong: `This is not JSON: ${error instanceof Error ? error.message : String(error)}.` })
      }
    },
    /** Mine on top of theirs, which is looked at once more before it is saved. */
    goOn: (theirs: Segment) => setEditing({ base: theirs, draft }),
    discard() {
      setEditing(null)
      setTyped(null)
    },
  }
}
