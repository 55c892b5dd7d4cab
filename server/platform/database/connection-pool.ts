import type pg from 'pg'
import { within } from '../deadline.ts'
import { type Clients, openClients } from './clients.ts'
import type { Database } from './database.ts'
import { DatabaseOutage, isDeclined, isOutage, wasAnswered } from './outage.ts'
import { sendTogether } from './connection.ts'
import { queriesOver } from './queries-over.ts'
import { assertReplicated } from './replication.ts'
import { mayChange, type Statement } from './sql.ts'
import { type Ask, inTransaction } from './transaction.ts'

const ROLLBACK: Statement = { text: 'rollback', values: [] }

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
  /** Whether each new connection is asked if it leads to the primary. */
  isAsked?: boolean
  limits: PoolLimits
  /** Told of each call's fate, for the breaker. `onCall`'s answer comes back with the fate. */
  onCall(): number
  onAnswer(): void
  onOutage(error: DatabaseOutage, mark: number): void
}

export interface ConnectionPool extends Database, Pick<Clients, 'warm' | 'answers' | 'destroy'> {}

export function openConnectionPool(options: PoolOptions): ConnectionPool {
  const { limits } = options
  const clients = openClients(options)

  /** Takes a client through `work`, tells how it went, and judges whether anybody may have the client again. */
  async function use<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const mark = options.onCall()
    let client: pg.PoolClient | undefined
    try {
      client = await clients.acquire()
      const result = await work(client)
      await giveBack(client)
      options.onAnswer()
      return result
    } catch (error) {
      if (client) await giveBack(client, error)
      // Whatever is not an outage was answered, and so is a statement that the server declined.
      if (error instanceof DatabaseOutage && !isDeclined(error.cause)) options.onOutage(error, mark)
      else options.onAnswer()
      throw error
    }
  }

  /** A connection that did not answer is destroyed: given back, it would make every later user wait (pg #3399). */
  async function giveBack(client: pg.PoolClient, error?: unknown): Promise<void> {
    if (error instanceof DatabaseOutage && !wasAnswered(error.cause)) return clients.discard(client)
    if (client.getTransactionStatus() === 'I') return client.release()
    try {
      await asking(client)(ROLLBACK, limits.queryMs)
      client.release()
    } catch {
      // The caller is told what went wrong first; this only says that the connection is of no more use.
      clients.discard(client)
    }
  }

  const transaction = <T>(work: Parameters<typeof inTransaction<T>>[2]) =>
    use((client) => inTransaction(asking(client), limits, work))
  const read = (statement: Statement) => use((client) => readOnce(asking(client), statement, limits.queryMs))

  return {
    // What changes something is fenced, also when it is one statement (design, law 8).
    ...queriesOver((statement) => (mayChange(statement) ? transaction((ask) => ask(statement)) : read(statement))),
    run: (statement) => transaction((ask) => queriesOver(ask).run(statement)),
    transaction: (work) => transaction((ask, gather) => work(queriesOver(ask, gather))),
    warm: clients.warm,
    answers: clients.answers,
    destroy: clients.destroy,
  }
}

const asking =
  (client: pg.PoolClient): Ask =>
  async ({ text, values, name }, deadlineMs) => {
    sendTogether(client)
    const query = { text, values: values as unknown[], ...(name !== undefined && { name }) }
    const result = await within(deadlineMs, 'the database', client.query(query))
    assertReplicated(client, deadlineMs)
    return result
  }

async function readOnce(ask: Ask, statement: Statement, deadlineMs: number): Promise<pg.QueryResult> {
  try {
    return await ask(statement, deadlineMs)
  } catch (error) {
    if (!isOutage(error)) throw error
    throw new DatabaseOutage(wasAnswered(error) ? 'failed' : 'unknown', 'the database did not answer', error)
  }
}
