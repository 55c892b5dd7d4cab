import type { FlagDefinition, FlagType } from '../../../../sdk/evaluate.ts'
import { sayEntries, sayFlagChange, sayRule, sayRules, saySegment, sayText } from '../../../../sdk/flag-rules.ts'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import type { ChangeRow, Entry, Kept, LogKind } from '../entry.ts'

/** Flags as people read them: sentences beside the JSON, names beside ids. */

export type LabelsOf = (kind: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
export type Labels = ReadonlyMap<string, string>

/** Of a browser's own token, design §6: only what is marked is evaluated for it. */
const CLIENT_KEY = 'holdfast.client'
const ON_UNKNOWN_KEY = 'holdfast.on_unknown'

/** Today's names of everybody who did something, one question a kind. */
export async function labelsFor(labelsOf: LabelsOf, ids: readonly string[]): Promise<Labels> {
  const some = (prefix: string) => [...new Set(ids)].filter((id) => id.startsWith(prefix))
  const [people, tokens] = await Promise.all([labelsOf('user', some('usr_')), labelsOf('token', some('tok_'))])
  return new Map([...people, ...tokens])
}

export const who = (id: string, labels: Labels) => ({ id, label: labels.get(id) ?? null })

export async function labelsOfEntries(labelsOf: LabelsOf, entries: readonly Entry[]): Promise<Labels> {
  return labelsFor(
    labelsOf,
    entries.flatMap(({ created_by, changed_by }) => [created_by, changed_by]),
  )
}

function rowOf(entry: Entry, labels: Labels) {
  const { key, name, description, tags, created_at, created_by, changed_at, changed_by, archived_at } = entry
  return {
    ...{ key, name, description, tags, version: sayNumber(entry), archived_at },
    ...{ created_at, created_by: who(created_by, labels), changed_at, changed_by: who(changed_by, labels) },
  }
}

export function flagRow(entry: Entry, labels: Labels) {
  const flag = entry.definition as FlagDefinition
  return {
    ...rowOf(entry, labels),
    type: typeOf(flag),
    is_enabled: flag.state === 'ENABLED',
    default_variant: flag.defaultVariant ?? null,
    variants: Object.keys(flag.variants),
    sentence: sayRule(flag),
    is_client: flag.metadata?.[CLIENT_KEY] === true,
  }
}

export function flagDetail(entry: Entry, labels: Labels) {
  const flag = entry.definition as FlagDefinition
  return {
    ...flagRow(entry, labels),
    definition: flag,
    rules: sayRules(flag),
    on_unknown: String(flag.metadata?.[ON_UNKNOWN_KEY] ?? 'last-known'),
    segments: [...segmentsIn(flag.targeting)].sort(),
  }
}

export function segmentDetail(entry: Entry, labels: Labels) {
  return { ...rowOf(entry, labels), sentence: saySegment(entry.definition), definition: entry.definition }
}

/** All are of one type: that is asked when it is saved. */
function typeOf({ variants }: FlagDefinition): FlagType {
  const [value] = Object.values(variants)
  return typeof value as FlagType
}

function* segmentsIn(rule: unknown): Generator<string> {
  if (typeof rule !== 'object' || rule === null) return
  if (!Array.isArray(rule) && typeof (rule as { $ref?: unknown }).$ref === 'string')
    yield (rule as { $ref: string }).$ref
  for (const each of new Set(Object.values(rule).flatMap((inner) => [...segmentsIn(inner)]))) yield each
}

const NEVER_UNDONE = new Set(['restore', 'adopt', 'rotate-key'])
export const kindOf = (kind: LogKind) => (kind === 'evaluator' ? 'segment' : kind)

export function changeRow(row: ChangeRow, labels: Labels) {
  const { change_id, at, kind, key, deed, before, after, by_kind, by_id, reason } = row
  return {
    ...{ change_id, number: sayNumber(row), at, kind: kindOf(kind), key, deed, reason },
    diff: diffOf(row),
    ...{ before, after },
    by: { ...who(by_id, labels), kind: by_kind },
    can_undo: !NEVER_UNDONE.has(deed),
  }
}

/** Of one key: what a change did to it, a line each. */
export function diffOf({ kind, deed, before, after }: Pick<ChangeRow, 'kind' | 'deed' | 'before' | 'after'>): string[] {
  if (!before && !after)
    return [deed === 'delete' ? 'deleted for good from the list' : `${deed}: nothing that is delivered`]
  if (!before) return [`${CAME[deed] ?? 'made'}: ${sayKept(kind, after!)}`]
  if (!after) return [`${WENT[deed] ?? 'taken away'}; it was: ${sayKept(kind, before)}`]
  return [...ofDefinition(kind, before.definition, after.definition), ...ofLabels(before, after)]
}

const CAME: Record<string, string> = { 'bring-back': 'brought back', undo: 'brought back', restore: 'restored' }
const WENT: Record<string, string> = { archive: 'archived', delete: 'deleted' }

function sayKept(kind: LogKind, { definition }: Pick<Kept, 'definition'>): string {
  if (kind === 'flag') return sayRule(definition as FlagDefinition)
  return kind === 'evaluator' ? saySegment(definition) : JSON.stringify(definition)
}

export function ofDefinition(kind: LogKind, before: unknown, after: unknown): string[] {
  if (kind === 'flag') return sayFlagChange(before as FlagDefinition, after as FlagDefinition)
  if (kind === 'set') return sayEntries('metadata', before as object as Json, after as object as Json)
  const [was, is] = [saySegment(before), saySegment(after)]
  if (was !== is) return [`who: ${was} → ${is}`]
  return sayText('rule', before, after)
}
type Json = Record<string, unknown>

function ofLabels(before: Kept, after: Kept): string[] {
  return [
    ...sayText('name', before.name ?? undefined, after.name ?? undefined),
    ...sayText('description', before.description ?? undefined, after.description ?? undefined),
    ...sayText('tags', tagsOf(before), tagsOf(after)),
  ]
}
const tagsOf = ({ tags }: Kept) => (tags.length === 0 ? undefined : tags)
