import type { AuditEntry, AuditSeal } from '../api/wire/audit.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { type Ask, type AuditSearch, api } from '../paths.ts'

/** The filters of the page, as the API calls them. */
export function askFor({ actor, subject, action, organization, from, to }: AuditSearch): Ask {
  return { actor, subject, action, organization_id: organization, from, to }
}

export const auditQuery = (search: AuditSearch) =>
  listQuery<AuditEntry>('audit', api.audit, askFor(search), search.cursor)

export const entryQuery = (entryId: string) => oneQuery<AuditEntry>('audit', api.auditEntry(entryId))

export const sealQuery = oneQuery<AuditSeal>('audit-seal', api.auditSeal())
