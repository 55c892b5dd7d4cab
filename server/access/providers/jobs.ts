import type { Job } from '../../platform/jobs.ts'
import { keepDocuments } from './documents/keep-documents.ts'
import type { Parts } from './parts.ts'
import { watchSecrets } from './settings/watch-secrets.ts'

/** What `offered` promises; verdicts are read in the transaction of each sign-in besides. */
const RELOAD_EVERY_MS = 2_000
const DOCUMENTS_EVERY_MS = 15_000
const SECRETS_EVERY_MS = 60 * 60_000

export function providerJobs(parts: Parts, reload: () => Promise<void>): Job[] {
  return [
    { name: 'read providers', everyMs: RELOAD_EVERY_MS, run: reload },
    { name: 'fetch documents of providers', everyMs: DOCUMENTS_EVERY_MS, run: () => keepDocuments(parts) },
    { name: 'tell of client secrets that run out', everyMs: SECRETS_EVERY_MS, run: () => watchSecrets(parts) },
  ]
}
