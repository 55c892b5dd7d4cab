import { type Noun, paging } from '../noun.ts'

const filters = {
  actor: { means: 'by whom: usr_…, tok_…' },
  subject: { means: 'on what: its id' },
  action: { means: 'what was done, such as organization.created' },
  organization: { means: 'in this organisation', name: 'organization_id' },
  from: { means: 'at or after, RFC 3339' },
  to: { means: 'before, RFC 3339' },
} as const

export const audit: Noun = {
  summary: 'who did what, and whether anybody touched the record',
  help: `The audit is appended in the transaction that causes an entry, and sealed afterwards.

Example: holdfast audit list --action application.deleted`,
  columns: [
    ['at', 'at'],
    ['action', 'action'],
    ['by', 'actor.label'],
    ['on', 'subject.label'],
    ['what', 'text'],
  ],
  verbs: {
    list: { line: 'GET /v1/audit', summary: 'newest first', flags: { ...filters, ...paging } },
    export: {
      line: 'GET /v1/audit/export',
      summary: 'all of it, as CSV or a JSON document a line',
      flags: { format: { means: 'csv or ndjson' }, ...filters },
      isDocument: true,
    },
    seal: { line: 'GET /v1/audit/seal', summary: 'how far it is sealed and verified' },
  },
}
