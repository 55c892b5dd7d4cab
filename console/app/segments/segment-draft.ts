import { isSameJson } from '@holdfast/sdk/evaluate'
import { type PlainRule, readSegment, saySegment, sayText, writeSegment } from '@holdfast/sdk/flag-rules'
import type { Segment } from '../api/wire/flags.ts'

export interface SegmentDraft {
  name: string
  description: string
  definition: unknown
  /** As the form shows it; null: it is richer, and only its JSON is edited. */
  plain: Pick<PlainRule, 'match' | 'conditions'> | null
}

export function draftOf({ name, description, definition }: Segment): SegmentDraft {
  return { name: name ?? '', description: description ?? '', definition, plain: readSegment(definition) ?? null }
}

export const withPlain = (draft: SegmentDraft, plain: NonNullable<SegmentDraft['plain']>): SegmentDraft => ({
  ...draft,
  plain,
  definition: writeSegment(plain),
})

export const withJson = (draft: SegmentDraft, definition: unknown): SegmentDraft => ({
  ...draft,
  definition,
  plain: readSegment(definition) ?? null,
})

export function changesOf(base: Segment, draft: SegmentDraft) {
  return {
    ...(draft.name.trim() !== (base.name ?? '') && { name: draft.name.trim() || null }),
    ...(draft.description.trim() !== (base.description ?? '') && { description: draft.description.trim() || null }),
    ...(!isSameJson(draft.definition, base.definition) && { definition: draft.definition }),
  }
}

/** A line for each thing that is different. */
export function linesOf(base: Segment, draft: Pick<SegmentDraft, 'name' | 'description' | 'definition'>): string[] {
  const [was, is] = [saySegment(base.definition), saySegment(draft.definition)]
  const rule = isSameJson(base.definition, draft.definition)
    ? []
    : [was === is ? 'rule: changed in its JSON' : `who: ${was} → ${is}`]
  return [
    ...rule,
    ...sayText('name', base.name ?? undefined, draft.name.trim() || undefined),
    ...sayText('description', base.description ?? undefined, draft.description.trim() || undefined),
  ]
}
