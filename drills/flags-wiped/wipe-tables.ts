import type pg from 'pg'
import { asSuperuser } from '../holdfast/make-database.ts'

/** Rows of each table of the flags, as the database itself counts them. */
export async function countRows(superuserUrl: string): Promise<Record<string, number>> {
  return asSuperuser(superuserUrl, async (client) => {
    const counts: Record<string, number> = {}
    for (const table of await tablesOf(client)) {
      const { rows } = await client.query(`select count(*)::int as count from flags.${client.escapeIdentifier(table)}`)
      counts[table] = rows[0].count
    }
    return counts
  })
}

/**
 * All tables of the flags, at once, with every trigger asleep: what a superuser can do and nobody else. TRUNCATE and not DELETE, which
 * is how a demo's job resets its data.
 */
export async function wipeTables(superuserUrl: string): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    const tables = (await tablesOf(client)).map((table) => `flags.${client.escapeIdentifier(table)}`)
    await client.query('begin')
    await client.query('set local session_replication_role = replica')
    await client.query(`truncate ${tables.join(', ')}`)
    await client.query('commit')
  })
}

/** Signals of a kind since the drill began, whoever wrote them. */
export async function countSignals(client: pg.Client, kind: string): Promise<number> {
  const { rows } = await client.query('select count(*)::int as count from signals.signal where kind = $1', [kind])
  return rows[0].count
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(`select tablename from pg_tables where schemaname = 'flags' order by tablename`)
  if (rows.length === 0) throw new Error('There is no table of flags to be wiped.')
  return rows.map(({ tablename }) => tablename as string)
}
