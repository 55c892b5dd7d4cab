import { type FlagDefinition, isSameJson } from '@holdfast/sdk/evaluate'
import { type PlainTargeting, readTargeting, sayFlagChange, sayText, writeTargeting } from '@holdfast/sdk/flag-rules'
import type { Flag } from '../../api/wire/flags.ts'

/** A flag as somebody is changing it. Pure: what is done to it makes a new one. */
export interface Draft {
  name: string
  description: string
  tags: string[]
  definition: FlagDefinition
  /** Its rule as the form shows it; null: it is richer than that, and only its JSON is edited. */
  plain: PlainTargeting | null
}

type FlagLabels = Pick<Flag, 'name' | 'description' | 'tags' | 'definition'>

export function draftOf({ name, description, tags, definition }: FlagLabels): Draft {
  return { ...{ name: name ?? '', description: description ?? '', tags }, ...defined(definition) }
}

const defined = (definition: FlagDefinition) => ({ definition, plain: readTargeting(definition.targeting) ?? null })

/** What was typed as JSON is the truth of the form. */
export function withDefinition(draft: Draft, definition: FlagDefinition): Draft {
  return { ...draft, ...defined(definition) }
}

/** The form keeps what is half filled in, which the JSON cannot say. */
export function withRule(draft: Draft, plain: PlainTargeting): Draft {
  return { ...draft, plain, definition: withTargeting(draft.definition, writeTargeting(plain)) }
}

function withTargeting({ targeting: _, ...rest }: FlagDefinition, targeting: Record<string, unknown>): FlagDefinition {
  return Object.keys(targeting).length === 0 ? rest : { ...rest, targeting }
}

/** Everything else about a flag stays as it was written. */
export function withPart(draft: Draft, part: Partial<FlagDefinition>): Draft {
  return { ...draft, definition: { ...draft.definition, ...part } }
}

export function withMetadata(draft: Draft, changes: Record<string, string | number | boolean | undefined>): Draft {
  const { metadata, ...rest } = draft.definition
  const next = Object.fromEntries(
    Object.entries({ ...metadata, ...changes }).filter(([, value]) => value !== undefined),
  ) as Record<string, string | number | boolean>
  const definition = Object.keys(next).length === 0 ? rest : { ...rest, metadata: next }
  return { ...draft, definition }
}

/** A variant under another name is another one everywhere: in the rule, as the default. */
export function renameVariant(draft: Draft, from: string, to: string): Draft {
  const { variants, defaultVariant } = draft.definition
  const renamed = Object.fromEntries(
    Object.entries(variants).map(([name, value]) => [name === from ? to : name, value]),
  )
  const next = withPart(draft, { variants: renamed, ...(defaultVariant === from && { defaultVariant: to }) })
  if (!draft.plain) return next
  const outcome = (one: PlainTargeting['otherwise']): PlainTargeting['otherwise'] => {
    if (one.kind === 'variant') return one.variant === from ? { ...one, variant: to } : one
    if (one.kind === 'default') return one
    return { ...one, shares: one.shares.map((share) => (share.variant === from ? { ...share, variant: to } : share)) }
  }
  const rules = draft.plain.rules.map((rule) => ({ ...rule, outcome: outcome(rule.outcome) }))
  return withRule(next, { rules, otherwise: outcome(draft.plain.otherwise) })
}

/** What is sent: nothing that nobody touched. */
export function changesOf(base: FlagLabels, draft: Draft) {
  const { name, description, tags, definition } = draft
  return {
    ...(name.trim() !== (base.name ?? '') && { name: name.trim() || null }),
    ...(description.trim() !== (base.description ?? '') && { description: description.trim() || null }),
    ...(!isSameJson(tags, base.tags) && { tags }),
    ...(!isSameJson(definition, base.definition) && { definition }),
  }
}

/** A line for each thing that is different, as the history will have it. */
export function linesOf(base: FlagLabels, after: FlagLabels): string[] {
  const given = (text: string | null) => text || undefined
  return [
    ...sayFlagChange(base.definition, after.definition),
    ...sayText('name', given(base.name), given(after.name)),
    ...sayText('description', given(base.description), given(after.description)),
    ...sayText('tags', tagsOf(base), tagsOf(after)),
  ]
}
const tagsOf = ({ tags }: FlagLabels) => (tags.length === 0 ? undefined : tags)

export const asFlag = ({ name, description, ...rest }: Draft): FlagLabels => ({
  ...rest,
  name: name.trim() || null,
  description: description.trim() || null,
})
