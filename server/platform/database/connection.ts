import type { Writable } from 'node:stream'
import type pg from 'pg'

/** The server gives up before the client does, so that a slow statement is known to have failed. */
const SERVER_SHARE = 0.8
const LOCK_TIMEOUT_MS = 500
const IDLE_IN_TRANSACTION_MS = 5000
/** What a URL may add; all else of `?…` would stand above the deadlines below (the driver takes the URL's word last). */
const URL_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'uselibpqcompat']

/** Limits that the server keeps too: they stand on every connection from its first byte. */
export function connectionConfig(
  url: string,
  name: string,
  limits: { connectMs: number; queryMs: number; lockMs?: number },
): pg.ClientConfig {
  const statementMs = Math.floor(limits.queryMs * SERVER_SHARE)
  return {
    connectionString: withoutOverrides(url),
    application_name: name,
    connectionTimeoutMillis: limits.connectMs,
    statement_timeout: statementMs,
    lock_timeout: Math.min(limits.lockMs ?? LOCK_TIMEOUT_MS, statementMs),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
  }
}

function withoutOverrides(text: string): string {
  const url = new URL(text)
  for (const name of [...url.searchParams.keys()]) if (!URL_PARAMETERS.includes(name)) url.searchParams.delete(name)
  return url.href
}

/**
 * Ends a connection from our side at once. `client.end()` says good-bye and waits for the other side, which a server
 * that hangs never answers (events.md §3.4).
 */
export function cut(client: pg.ClientBase): void {
  streamOf(client)?.destroy()
}

/** All that is asked in this turn of the event loop leaves in one piece: a system call costs as much as a small statement. */
export function sendTogether(client: pg.ClientBase): void {
  const stream = streamOf(client)
  if (!stream || stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

/** `pg` has no public way to it. */
const streamOf = (client: pg.ClientBase) =>
  (client as unknown as { connection?: { stream?: Writable } }).connection?.stream
