import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type pg from 'pg'

/** A server that does not take it now is not asked again: nobody waits for the answer. */
const CANCEL_MS = 1000
/** PostgreSQL's frontend protocol: CancelRequest and SSLRequest, by their numbers. */
const CANCEL_CODE = 80_877_102
const SSL_CODE = 80_877_103
const YES = 'S'.charCodeAt(0)

/** What `pg` knows of a connection and has no public way to. */
interface Known {
  host: string
  port: number
  processID: number | null
  secretKey: number | null
  ssl: boolean | Record<string, unknown>
}

/**
 * Tells the server to give up what a connection waits for that we have left. Without it a COMMIT that waits for a replica
 * that is gone waits on (no timeout of the server ends that wait), and holds its place until all places are taken.
 *
 * On a connection of its own, as the protocol wants it, encrypted where the other was. Best effort: there is no answer.
 */
export function cancelOnServer(client: pg.ClientBase): void {
  const { host, port, processID, secretKey, ssl } = client as unknown as Known
  if (!processID || secretKey === null) return
  const plain = (host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect({ host, port })).unref()
  guard(plain)
  plain.once('connect', () => {
    if (!ssl) return void plain.end(cancelRequest(processID, secretKey))
    plain.write(message(SSL_CODE))
    plain.once('data', ([answer]) => {
      if (answer !== YES) return plain.destroy()
      const own = ssl === true ? {} : ssl
      const secure = connectTls({ ...own, socket: plain, ...(!own.servername && { servername: host }) })
      guard(secure)
      secure.once('secureConnect', () => secure.end(cancelRequest(processID, secretKey)))
    })
  })
}

function guard(socket: Socket): void {
  socket.on('error', () => socket.destroy())
  setTimeout(() => socket.destroy(), CANCEL_MS).unref()
}

const cancelRequest = (processID: number, secretKey: number) => message(CANCEL_CODE, processID, secretKey)

function message(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 + numbers.length * 4)
  bytes.writeInt32BE(bytes.length)
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(number, 4 + index * 4)
  return bytes
}
