import type { AuditEntry } from './list-entries.ts'

export const CSV_COLUMNS = [
  'id',
  'at',
  'action',
  'text',
  'actor_kind',
  'actor_id',
  'actor_label',
  'impersonator_id',
  'subject_kind',
  'subject_id',
  'subject_label',
  'organization_id',
  'facts',
  'address',
  'user_agent',
  'sealed',
]

/** RFC 4180: commas, CRLF, quotes doubled. */
export const csvLine = (values: readonly string[]): string => `${values.map(csvField).join(',')}\r\n`

/** What a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection). */
export function csvField(value: string): string {
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

export function csvLineOf(entry: AuditEntry): string {
  const { id, at, action, text, actor, impersonator, subject, organization_id, facts, address, user_agent } = entry
  return csvLine([
    id,
    at.toISOString(),
    action,
    text,
    actor.kind,
    actor.id,
    actor.label ?? '',
    impersonator?.id ?? '',
    subject.kind,
    subject.id,
    subject.label ?? '',
    organization_id ?? '',
    JSON.stringify(facts),
    address ?? '',
    user_agent ?? '',
    String(entry.sealed),
  ])
}
