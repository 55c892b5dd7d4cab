import pg from 'pg'
import { within } from '../deadline.ts'

const GOODBYE_MS = 200

/** One conversation on a connection of its own, which is gone afterwards, also when the server hangs. */
export async function askOnce<T>(
  where: string | pg.ClientConfig,
  deadlineMs: number,
  talk: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const config = typeof where === 'string' ? { connectionString: where } : where
  const client = new pg.Client({
    ...config,
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
    application_name: 'holdfast start',
  })
  // A server that is ended in the middle reports here as well as to its query.
  client.on('error', () => {})
  try {
    return await within(
      deadlineMs,
      'PostgreSQL',
      client.connect().then(() => talk(client)),
    )
  } finally {
    await within(GOODBYE_MS, 'PostgreSQL', client.end()).catch(() => {})
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
}
