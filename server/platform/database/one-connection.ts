import pg from 'pg'
import { within } from '../deadline.ts'
import { queriesOver } from './connection-pool.ts'
import type { Queries } from './database.ts'

/** One connection for what is done once at a start, before there are pools; ended in every case. */
export async function onOneConnection<T>(
  url: string,
  deadlineMs: number,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'holdfast prepare',
    connectionTimeoutMillis: deadlineMs,
    statement_timeout: deadlineMs,
  })
  client.on('error', () => {})
  try {
    await within(deadlineMs, 'the database', client.connect())
    return await work(
      queriesOver((statement) =>
        within(deadlineMs, 'the database', client.query(statement.text, [...statement.values])),
      ),
    )
  } finally {
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
}
