import pg from 'pg'
import { DeadlineExceeded, within } from '../deadline.ts'
import { assertWriter } from './ask-hosts.ts'
import { cancelOnServer } from './cancel.ts'
import { connectionConfig, cut } from './connection.ts'
import { DatabaseOutage } from './outage.ts'
import { listenForReplication } from './replication.ts'

/** The connections of one pool: handed out within a deadline, taken back whole or destroyed. */
export interface Clients {
  /** Throws nothing but a `DatabaseOutage`: without a connection nothing was asked, so nothing was changed. */
  acquire(): Promise<pg.PoolClient>
  /** Takes back a connection that nobody may use again. */
  discard(client: pg.PoolClient): void
  /** Makes all connections now, so that a postmaster that stops accepting (events.md H2) hurts nobody. */
  warm(): Promise<void>
  /** Whether one of them answers. Nobody is told of the fate of this question. */
  answers(deadlineMs: number): Promise<boolean>
  /** Ends every connection at once, hung ones included; never waits for the server. */
  destroy(): void
}

export function openClients(options: {
  url: string
  name: string
  /** Asks each new connection whether it leads to the primary: its host may have become a standby. */
  isAsked?: boolean
  limits: { size: number; acquireMs: number; queryMs: number }
}): Clients {
  const { limits } = options
  const open = new Set<pg.PoolClient>()
  const waiting = new Set<(outage: DatabaseOutage) => void>()
  let isDestroyed = false

  const pool = new pg.Pool({
    ...connectionConfig(options.url, options.name, { connectMs: limits.acquireMs, queryMs: limits.queryMs }),
    // A statement is sent without waiting for the answer to the one before it. Not on connections that stream (COPY).
    pipeline: true,
    max: limits.size,
    // Idle connections are kept: making a new one is what fails first in an outage.
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    ...(options.isAsked ? { onConnect: (client: pg.ClientBase) => askOrCut(client, limits.acquireMs) } : {}),
  })
  pool.on('connect', (client) => {
    // A connection that breaks while it is handed out reports here as well as to its query.
    client.on('error', () => {})
    listenForReplication(client)
    client.once('end', () => open.delete(client))
    if (isDestroyed) cut(client)
    else open.add(client)
  })
  // An idle connection that breaks is replaced at the next use, and that tells the breaker.
  pool.on('error', () => {})

  function acquire(): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      const giveUp = (cause: unknown) => {
        waiting.delete(giveUp)
        reject(new DatabaseOutage('failed', 'no connection to the database', cause))
      }
      if (isDestroyed) return giveUp(new Error('the pool was thrown away'))
      waiting.add(giveUp)
      // Connecting has this deadline already; with the question after it, both together have it.
      const timer = options.isAsked
        ? setTimeout(() => giveUp(new Error('timeout expired')), limits.acquireMs)
        : undefined
      // `connect` can also throw at once, at an unreadable certificate for one.
      Promise.try(() => pool.connect())
        .finally(() => clearTimeout(timer))
        .then((client) => {
          if (isDestroyed) discard(client)
          else if (waiting.delete(giveUp)) resolve(client)
          else client.release()
        }, giveUp)
    })
  }

  function discard(client: pg.PoolClient): void {
    client.release(true)
    cut(client)
    cancelOnServer(client)
  }

  return {
    acquire,
    discard,
    answers: (deadlineMs) => answers({ acquire, discard }, deadlineMs),
    async warm() {
      const makeOne = async () => (await acquire()).release()
      // One that cannot be made is made when it is needed, and then its user is told.
      await Promise.allSettled(Array.from({ length: limits.size }, makeOne))
    },
    destroy() {
      isDestroyed = true
      for (const giveUp of waiting) giveUp(new DatabaseOutage('failed', 'the pool was thrown away'))
      for (const client of open) cut(client)
      // Not awaited: it waits for hung clients (events.md §3.4).
      pool.end().catch(() => {})
    },
  }
}

async function askOrCut(client: pg.ClientBase, deadlineMs: number): Promise<void> {
  try {
    await within(deadlineMs, 'the database', assertWriter(client))
  } catch (error) {
    // The pool now says good-bye and waits for an answer, which a server that hangs never gives.
    cut(client)
    throw error
  }
}

async function answers({ acquire, discard }: Pick<Clients, 'acquire' | 'discard'>, deadlineMs: number) {
  const acquiring = acquire()
  let client: pg.PoolClient
  try {
    client = await within(deadlineMs, 'the pool', acquiring)
  } catch (error) {
    if (error instanceof DeadlineExceeded)
      acquiring.then(
        (late) => late.release(),
        () => {},
      )
    return false
  }
  try {
    await within(deadlineMs, 'the database', client.query('select 1'))
    client.release()
    return true
  } catch {
    discard(client)
    return false
  }
}
