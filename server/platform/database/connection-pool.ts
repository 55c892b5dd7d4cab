import pg from 'pg'
import { within } from '../deadline.ts'
import type { Database, Queries } from './database.ts'
import { DatabaseOutage, isOutage, wasAnswered } from './outage.ts'
import type { Statement } from './sql.ts'

export interface PoolLimits {
  size: number
  /** How long a call may wait for a connection, made or free. */
  acquireMs: number
  /** How long one statement may take, seen from here. */
  queryMs: number
  /** How long a whole transaction may take before the fence refuses its commit. */
  transactionMs: number
}

export interface PoolOptions {
  url: string
  name: string
  limits: PoolLimits
  /** Told of each call's fate, for the breaker. */
  onAnswer(): void
  onOutage(error: DatabaseOutage): void
}

/** The server gives up before the client does, so that a slow statement is known to have failed. */
const SERVER_SHARE = 0.8
const LOCK_TIMEOUT_MS = 500
const IDLE_IN_TRANSACTION_MS = 5000

export interface ConnectionPool extends Database {
  /** Makes all connections now, so that a postmaster that stops accepting (events.md H2) hurts nobody. */
  warm(): Promise<void>
  /** Ends every connection at once, hung ones included; never waits for the server. */
  destroy(): void
}

export function openConnectionPool(options: PoolOptions): ConnectionPool {
  const { limits } = options
  const clients = new Set<pg.PoolClient>()
  const pool = new pg.Pool({
    ...connectionConfig(options.url, options.name, limits),
    max: limits.size,
    connectionTimeoutMillis: limits.acquireMs,
    // Idle connections are kept: making a new one is what fails first in an outage.
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  })
  pool.on('connect', (client) => {
    // A connection that breaks while it is handed out reports here as well as to its query.
    client.on('error', () => {})
    clients.add(client)
  })
  pool.on('remove', (client) => clients.delete(client as pg.PoolClient))
  pool.on('error', () => {})

  async function acquire(): Promise<pg.PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      throw report(isOutage(error) ? new DatabaseOutage('failed', 'no connection to the database', error) : error)
    }
  }

  function report(error: unknown): unknown {
    if (error instanceof DatabaseOutage) options.onOutage(error)
    return error
  }

  function ask(client: pg.PoolClient, text: string, values?: readonly unknown[]): Promise<pg.QueryResult> {
    return within(limits.queryMs, 'the database', client.query(text, values as unknown[] | undefined))
  }

  /** A connection that did not answer is destroyed: given back, it would make every later user wait (pg #3399). */
  function discard(client: pg.PoolClient, error: unknown): void {
    client.release(error instanceof Error ? error : true)
    ;(client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy()
  }

  async function call(statement: Statement): Promise<pg.QueryResult> {
    const client = await acquire()
    try {
      const result = await ask(client, statement.text, statement.values)
      client.release()
      options.onAnswer()
      return result
    } catch (error) {
      if (!isOutage(error)) {
        client.release()
        options.onAnswer()
        throw error
      }
      discard(client, error)
      throw report(new DatabaseOutage(wasAnswered(error) ? 'failed' : 'unknown', 'the database did not answer', error))
    }
  }

  async function transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const client = await acquire()
    let isCommitting = false
    try {
      await ask(client, `begin; select platform.open_fence(${Math.floor(limits.transactionMs)})`)
      const result = await work(queriesOver((statement) => ask(client, statement.text, statement.values)))
      isCommitting = true
      await ask(client, 'select platform.check_fence(); commit')
      client.release()
      options.onAnswer()
      return result
    } catch (error) {
      if (isOutage(error)) {
        discard(client, error)
        const outcome = isCommitting && !wasAnswered(error) ? 'unknown' : 'failed'
        throw report(new DatabaseOutage(outcome, 'the database did not answer', error))
      }
      await rollback(client)
      throw error
    }
  }

  async function rollback(client: pg.PoolClient): Promise<void> {
    try {
      await ask(client, 'rollback')
      client.release()
    } catch (error) {
      discard(client, error)
    }
  }

  return {
    ...queriesOver(call),
    // What changes something is fenced, also when it is one statement.
    run: (statement) => transaction((queries) => queries.run(statement)),
    transaction,
    async warm() {
      const opened = await Promise.allSettled(Array.from({ length: limits.size }, () => pool.connect()))
      for (const each of opened) if (each.status === 'fulfilled') each.value.release()
    },
    destroy() {
      for (const client of clients) {
        ;(client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy()
      }
      // Not awaited: it waits for hung clients (events.md §3.4).
      pool.end().catch(() => {})
    },
  }
}

/** Limits that the server keeps too: they stand on every connection from its first byte. */
export function connectionConfig(url: string, name: string, limits: Pick<PoolLimits, 'queryMs'>): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    statement_timeout: Math.floor(limits.queryMs * SERVER_SHARE),
    lock_timeout: Math.min(LOCK_TIMEOUT_MS, Math.floor(limits.queryMs * SERVER_SHARE)),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
  }
}

export function queriesOver(ask: (statement: Statement) => Promise<pg.QueryResult>): Queries {
  const many = async <Row>(statement: Statement) => (await ask(statement)).rows as Row[]
  return {
    many,
    async maybe<Row>(statement: Statement) {
      const rows = await many<Row>(statement)
      if (rows.length > 1) throw new Error(`expected one row at most, got ${rows.length}`)
      return rows[0]
    },
    async one<Row>(statement: Statement) {
      const rows = await many<Row>(statement)
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`)
      return rows[0]!
    },
    async run(statement) {
      return (await ask(statement)).rowCount ?? 0
    },
  }
}
