import { startSharedCluster } from './test-cluster.ts'
import { removeStaleTestFolders } from './test-folder.ts'
import type { TestPostgres } from './test-postgres.ts'

/** For `node --test --test-global-setup=server/platform/testing/global-setup.ts`: one PostgreSQL for the whole run. */
let server: TestPostgres | undefined

export async function globalSetup(): Promise<void> {
  removeStaleTestFolders()
  server = await startSharedCluster()
}

export async function globalTeardown(): Promise<void> {
  await server?.close()
  // Test processes that were killed could not clear up after themselves.
  removeStaleTestFolders()
}
