import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import type { Audit } from './entry.ts'
import { appendEntry } from './queries.ts'

export { type Audit, type AuditSaid, BY_COMMAND_LINE, BY_ITSELF, type By, byCaller } from './entry.ts'

export const migrations: MigrationSource = {
  schema: 'audit',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}

export const auditAt =
  (now: () => Date): Audit =>
  (db, said) =>
    appendEntry(db, said, now())
