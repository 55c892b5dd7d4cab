import { type Queries, sql } from '../../../platform/database/index.ts'

export async function namesOf(
  db: Queries,
  ids: readonly string[],
): Promise<Map<string, { email: string; name: string | null }>> {
  const rows = await db.many<{ id: string; email: string; name: string | null }>(sql`
    select id, email, name
      from identity.user
     where id = any(${ids})
     limit ${ids.length}`)
  return new Map(rows.map(({ id, ...person }) => [id, person]))
}
