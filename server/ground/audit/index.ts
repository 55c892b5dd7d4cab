import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import type { Audit } from './entry.ts'
import { appendEntry } from './queries.ts'
import { refuse } from './refusals.ts'

export { type Audit, type AuditSaid, BY_COMMAND_LINE, BY_ITSELF, type By, byCaller } from './entry.ts'
export { startAuditJobs } from './jobs.ts'
export { erasePersonal } from './keeping/erase-personal.ts'
export { retainEntries } from './keeping/retain.ts'
export { findEntry, type LabelsOf } from './reading/list-entries.ts'
export { listEntries as readEntries } from './reading/queries.ts'
export { auditRoutes } from './routes.ts'
export { beginNewLine } from './seal/begin-new-line.ts'
export { sealEntries } from './seal/seal-entries.ts'
export { readSealStatus } from './seal/seal-status.ts'
export { noteVerified, sayProblem, verifyAudit } from './verify-audit.ts'
export type { Problem, Verified } from './seal/verify-chain.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'audit',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}

export const auditAt =
  (now: () => Date): Audit =>
  (db, said) =>
    appendEntry(db, said, now())
