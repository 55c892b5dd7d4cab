import { type Queries, sql } from '../../platform/database/index.ts'

export async function databaseVersion(db: Queries): Promise<string> {
  const { version } = await db.one<{ version: string }>(sql`
    select current_setting('server_version') as version`)
  return version
}
