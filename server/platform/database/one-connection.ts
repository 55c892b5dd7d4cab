import pg from 'pg'
import { within } from '../deadline.ts'
import { connectionConfig, cut } from './connection.ts'
import type { Queries } from './database.ts'
import { findWriter } from './find-writer.ts'
import { DatabaseOutage } from './outage.ts'
import { queriesOver } from './queries-over.ts'

/**
 * One connection for what is done once, before there are pools; ended in every case. `deadlineMs` is that of connecting
 * and of each statement. No connection is a `DatabaseOutage`; what a statement throws rises as it is.
 */
export async function onOneConnection<T>(
  url: string,
  deadlineMs: number,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  return withClient({ url, name: 'holdfast prepare', connectMs: deadlineMs, queryMs: deadlineMs }, (client) =>
    work(
      queriesOver(({ text, values }) => within(deadlineMs, 'the database', client.query(text, values as unknown[]))),
    ),
  )
}

export interface ClientOptions {
  url: string
  name: string
  connectMs: number
  queryMs: number
  lockMs?: number
}

/** Cuts the connection at the end, and when `signal` aborts. */
export async function withClient<T>(
  options: ClientOptions & { signal?: AbortSignal },
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = clientFor({
    ...options,
    url: await findWriter(options.url, { ...options, deadlineMs: options.connectMs }),
  })
  const abort = () => cut(client)
  options.signal?.addEventListener('abort', abort)
  try {
    await within(options.connectMs, 'the database', client.connect()).catch(noConnection)
    return await work(client)
  } finally {
    options.signal?.removeEventListener('abort', abort)
    cut(client)
  }
}

function clientFor(options: ClientOptions): pg.Client {
  try {
    const client = new pg.Client(connectionConfig(options.url, options.name, options))
    // A connection that breaks reports here as well as to its query.
    client.on('error', () => {})
    return client
  } catch (error) {
    // An unreadable certificate, for one: it is read as soon as there is a client.
    return noConnection(error)
  }
}

function noConnection(error: unknown): never {
  throw new DatabaseOutage('failed', 'no connection to the database', error)
}
