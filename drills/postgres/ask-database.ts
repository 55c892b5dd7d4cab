import { connect } from 'node:net'
import pg from 'pg'
import { requireLoopback } from '../frame/loopback.ts'

/** The proof of a hang: a server that is well answers a new connection in some ten milliseconds. */
const ANSWER_DEADLINE_MS = 1000

/** `hung`: no answer in a second. `refused`: an answer, but not the one asked for: no listener, or still starting. */
export type DatabaseAnswer = 'answered' | 'hung' | 'refused'

/** `select 1` on a connection of its own: a pooled one goes on answering while the postmaster hangs (events.md §3.4). */
export async function askDatabase(url: string): Promise<DatabaseAnswer> {
  requireLoopback(url)
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_DEADLINE_MS,
    query_timeout: ANSWER_DEADLINE_MS,
    application_name: 'holdfast drill',
  })
  let hasHung = false
  const timer = setTimeout(() => {
    hasHung = true
    destroy(client)
  }, ANSWER_DEADLINE_MS)
  // A connection that is cut after its answer emits this with nobody waiting for it.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return hasHung ? 'hung' : 'answered'
  } catch (error) {
    const isTimeout = hasHung || /timeout/i.test((error as Error).message)
    return isTimeout ? 'hung' : 'refused'
  } finally {
    clearTimeout(timer)
    destroy(client)
  }
}

/** Whether the kernel completes a connection. It does for a stopped process too, which is why nobody noticed in 2018. */
export async function connectsByTcp(url: string): Promise<boolean> {
  const { port } = requireLoopback(url)
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) || 5432, timeout: ANSWER_DEADLINE_MS })
    const done = (isConnected: boolean) => {
      socket.destroy()
      resolve(isConnected)
    }
    socket.once('connect', () => done(true)).once('error', () => done(false))
    socket.once('timeout', () => done(false))
  })
}

/** `end()` would wait for a server that hangs. */
function destroy(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}
