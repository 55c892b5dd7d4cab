import { env } from 'node:process'
import { startTestPostgres, type TestPostgres } from './test-postgres.ts'

/** Where the test processes of a run find the cluster they share. Not `HOLDFAST_…`: those are settings. */
const VARIABLE = 'TEST_POSTGRES_OWNER_URL'
const APP_VARIABLE = 'TEST_POSTGRES_DATABASE_URL'

export interface TestCluster {
  databaseUrl: string
  ownerUrl: string
}

/** Started once a run by the global setup; what is set in its environment reaches every test process. */
export async function startSharedCluster(): Promise<TestPostgres> {
  const server = await startTestPostgres()
  env[VARIABLE] = server.ownerUrl
  env[APP_VARIABLE] = server.databaseUrl
  return server
}

let own: Promise<TestCluster> | undefined

/** The run's cluster; without the global setup (`node --test one.test.ts`) one of this process's own. */
export function testCluster(): Promise<TestCluster> {
  const { [VARIABLE]: ownerUrl, [APP_VARIABLE]: databaseUrl } = env
  if (ownerUrl && databaseUrl) return Promise.resolve({ ownerUrl, databaseUrl })
  own ??= startTestPostgres()
  return own
}
