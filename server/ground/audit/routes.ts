import { Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { type Guard, json, on, orNull, type Route, stream, Time } from '../../platform/http/index.ts'
import type { Audit } from './entry.ts'
import { EXPORT_ROWS_MAX, ExportEntries, exportEntries } from './reading/export-entries.ts'
import { AuditEntry, findEntry, type LabelsOf, ListEntries, listEntries } from './reading/list-entries.ts'
import { readSealStatus, type SealStatus, UNSEALED_COUNTED_MAX } from './seal/seal-status.ts'

export interface AuditRoutesOptions {
  db: Database
  clock: Clock
  audit: Audit
  labelsOf: LabelsOf
  /** Staff who may read the audit. */
  guard: Guard
}

const Entries = Type.Object(
  {
    data: Type.Array(AuditEntry, { description: 'Newest first.' }),
    next_cursor: orNull(Type.String({ description: 'For the next page; null: this is the last.', examples: ['YXVk'] })),
  },
  { description: 'A page of the audit.' },
)
const Seal = Type.Object(
  {
    sealed_up_to: orNull(Time('When the last batch was sealed; null: none was yet.')),
    sealed: Type.Integer({ description: 'Batches in the chain.', examples: [310] }),
    digest: orNull(Type.String({ description: 'Of the last batch, for noting elsewhere.', examples: ['5f1d…'] })),
    waiting: Type.Integer({
      description: `Entries that are not sealed yet; counted up to ${UNSEALED_COUNTED_MAX}.`,
      examples: [2],
    }),
    oldest_waiting_at: orNull(Time('The oldest of them. A transaction that stays open holds it back.')),
    verified_at: orNull(Time('When `holdfast audit verify` last walked the chain; null: never.')),
    verdict: Type.Union(
      ['intact', 'touched', 'unknown'].map((verdict) => Type.Literal(verdict)),
      { description: 'What it found; `unknown` when it never ran.' },
    ),
    problems: Type.Array(Type.String({ description: 'One of them, in words.' }), {
      description: 'What was touched: the first hundred.',
    }),
  },
  { description: 'How far the audit is sealed, and what was found when it was last verified.' },
)
const File = Type.String({ description: 'CSV (RFC 4180), or a JSON document a line, as asked for.' })

export function auditRoutes({ db, audit, labelsOf, guard }: AuditRoutesOptions): Route[] {
  const tag = 'audit'
  const parts = { db, audit, labelsOf, underWay: { count: 0 } }
  return [
    on(
      'GET /v1/audit',
      { tag, summary: 'Who did what to whom, when, from where', guard, query: ListEntries, answers: { 200: Entries } },
      async (call) => json(200, await listEntries(parts, call.query)),
    ),
    on(
      'GET /v1/audit/export',
      {
        tag,
        summary: 'The audit as a file',
        description: `At most ${EXPORT_ROWS_MAX} entries, newest first. A connection that breaks off means that the file is not whole. The export is itself an entry.`,
        guard,
        query: ExportEntries,
        mediaType: 'text/csv',
        answers: { 200: File },
      },
      async (call) => {
        const { format = 'csv' } = call.query
        return stream({
          type: format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8',
          fileName: `audit.${format}`,
          chunks: await exportEntries(parts, call, call.query),
        })
      },
    ),
    on('GET /v1/audit/seal', { tag, summary: 'How far the audit is sealed', guard, answers: { 200: Seal } }, async () =>
      json(200, shownStatus(await readSealStatus(db))),
    ),
    on(
      'GET /v1/audit/{id}',
      {
        tag,
        summary: 'One entry of the audit',
        guard,
        params: Type.Object({ id: Type.String({ maxLength: 64, description: 'Its id.', examples: ['aud_1042'] }) }),
        answers: { 200: AuditEntry },
      },
      async (call) => json(200, await findEntry(parts, call.params.id)),
    ),
  ]
}

function shownStatus({ number, digest, sealedAt, unsealed, oldestUnsealedAt, verified }: SealStatus) {
  const verdict = verified && verified.problems.length > 0 ? 'touched' : 'intact'
  return {
    sealed_up_to: sealedAt,
    sealed: Number(number),
    digest,
    waiting: unsealed,
    oldest_waiting_at: oldestUnsealedAt,
    verified_at: verified?.at ?? null,
    verdict: verified ? verdict : 'unknown',
    problems: verified?.problems ?? [],
  }
}
