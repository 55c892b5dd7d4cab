import { type Static, Type } from 'typebox'
import type { Queries } from '../../../platform/database/index.ts'
import { orNull, Time } from '../../../platform/http/index.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'
import { sentenceOf } from './sentences.ts'

/** Names for ids, asked for when they are read: the audit itself holds none. Unknown ids are left out. */
export type LabelsOf = (kind: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

export interface ReadParts {
  db: Queries
  labelsOf: LabelsOf
}

const LIST_MAX = 200
const LIST_DEFAULT = 50

export const filters = {
  actor: Type.Optional(Type.String({ maxLength: 64, description: 'Who did it: `usr_…` or `tok_…`.' })),
  subject: Type.Optional(Type.String({ maxLength: 200, description: 'To what or whom: any id.' })),
  action: Type.Optional(Type.String({ maxLength: 100, description: 'What was done, such as `session.ended`.' })),
  organization_id: Type.Optional(Type.String({ maxLength: 64, description: 'In which organisation.' })),
  from: Type.Optional(Type.String({ maxLength: 40, description: 'Not before this time.' })),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'Before this time.' })),
}
export const ListEntries = Type.Object({
  ...filters,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})
type Filters = Omit<Static<typeof ListEntries>, 'limit' | 'cursor'>

const Party = (description: string) =>
  Type.Object(
    {
      kind: Type.String({ description: 'What it is.', examples: ['person'] }),
      id: Type.String({ description: 'Which one.', examples: ['usr_01jd7s1a9e2k'] }),
      label: orNull(Type.String({ description: 'Its name today; null: it has none, or is gone.', examples: ['Ada'] })),
    },
    { description },
  )
export const AuditEntry = Type.Object(
  {
    id: Type.String({ description: 'Of this entry.', examples: ['aud_1042'] }),
    at: Time('When.'),
    action: Type.String({ description: 'What was done; stable.', examples: ['session.ended'] }),
    text: Type.String({ description: 'The same as a sentence.', examples: ['Ended a session'] }),
    actor: Party('Who did it: a person, a token, Holdfast by itself, or the command line.'),
    impersonator: orNull(
      Type.Object(
        {
          id: Type.String({ description: 'Which person.', examples: ['usr_01jd7s1a9e2k'] }),
          label: orNull(Type.String({ description: 'Their name today.', examples: ['Grace'] })),
        },
        { description: 'Support that acted as the actor; null: it was the actor.' },
      ),
    ),
    subject: Party('To what it was done.'),
    organization_id: orNull(Type.String({ description: 'In which organisation.', examples: ['org_01jd7s1a9e2k'] })),
    facts: Type.Record(Type.String(), Type.Unknown(), { description: 'More of it: ids, never a name or a secret.' }),
    address: orNull(Type.String({ description: 'From where; null: erased, or by itself.', examples: ['203.0.113.7'] })),
    user_agent: orNull(Type.String({ description: 'With what; null: erased, or by itself.', examples: ['curl/8.9'] })),
    sealed: Type.Boolean({ description: 'Whether a change of it would be noticed: within about ten seconds.' }),
  },
  { description: 'Who did what to whom, when, from where.' },
)
export type AuditEntry = Omit<Static<typeof AuditEntry>, 'at'> & { at: Date }

/** Newest first. */
export async function listEntries(
  parts: ReadParts,
  { limit = LIST_DEFAULT, cursor, ...asked }: Static<typeof ListEntries>,
): Promise<{ data: AuditEntry[]; next_cursor: string | null }> {
  const filter = { ...readFilters(asked), beforeId: readCursor(cursor) }
  const rows = await queries.listEntries(parts.db, filter, limit + 1)
  const shown = rows.slice(0, limit)
  const next = rows.length > limit ? shown.at(-1)!.id : null
  return { data: await told(parts, shown), next_cursor: next && Buffer.from(`aud_${next}`).toString('base64url') }
}

const ID = /^aud_([1-9][0-9]{0,17})$/

export async function findEntry(parts: ReadParts, id: string): Promise<AuditEntry> {
  const number = ID.exec(id)?.[1]
  const rows = number === undefined ? [] : await queries.listEntries(parts.db, { id: number }, 1)
  const [entry] = await told(parts, rows)
  if (!entry) throw refuse('no_entry', { id: id.replace(/\W/g, '') })
  return entry
}

export function readFilters({ actor, subject, action, organization_id, from, to }: Filters): queries.EntryFilter {
  const text = (value: string | undefined) => value?.trim() || undefined
  return {
    actor: text(actor),
    subject: text(subject),
    action: text(action),
    organizationId: text(organization_id),
    from: readTime('from', from),
    to: readTime('to', to),
  }
}

function readTime(field: string, written: string | undefined): Date | undefined {
  if (!written) return undefined
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(written)
  const at = new Date(written)
  if (!isTime || Number.isNaN(at.getTime())) throw refuse('bad_time', { field })
  return at
}

function readCursor(cursor: string | undefined): string | undefined {
  if (!cursor) return undefined
  const id = ID.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1]
  if (!id) throw refuse('bad_cursor')
  return id
}

/** With today's names: one question a kind, whatever the number of rows. */
export async function told({ labelsOf }: ReadParts, rows: readonly queries.EntryRow[]): Promise<AuditEntry[]> {
  const wanted = rows.flatMap((row) => [
    { kind: labelKindOf(row.actor_kind), id: row.actor_id },
    { kind: 'user', id: row.impersonator_id ?? '' },
    { kind: row.subject_kind, id: row.subject_id },
  ])
  const labels = new Map<string, string>()
  for (const [kind, there] of Map.groupBy(wanted, (each) => each.kind)) {
    const ids = [...new Set(there.map((each) => each.id))].filter(Boolean)
    for (const [id, label] of await labelsOf(kind, ids)) labels.set(`${kind} ${id}`, label)
  }
  const labelOf = (kind: string, id: string) => labels.get(`${kind} ${id}`) ?? null
  return rows.map((row) => ({
    id: `aud_${row.id}`,
    at: row.at,
    action: row.action,
    text: sentenceOf(row),
    actor: { kind: row.actor_kind, id: row.actor_id, label: labelOf(labelKindOf(row.actor_kind), row.actor_id) },
    impersonator: row.impersonator_id && {
      id: row.impersonator_id,
      label: labelOf('user', row.impersonator_id),
    },
    subject: { kind: row.subject_kind, id: row.subject_id, label: labelOf(row.subject_kind, row.subject_id) },
    organization_id: row.organization_id,
    facts: row.facts,
    address: row.address,
    user_agent: row.user_agent,
    sealed: row.sealed,
  })) as AuditEntry[]
}

/** An actor who is a person is a user as a subject. */
const labelKindOf = (actorKind: string) => (actorKind === 'person' ? 'user' : actorKind)
