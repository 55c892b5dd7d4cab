import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { within } from '../deadline.ts'
import type { DatabaseServer } from './index.ts'

/** Generous: a test waits for what happens, not for how fast this machine is. */
export const PATIENCE_MS = 30_000

/** The wire between us and a server, with somebody on it. */
export interface Wire extends AsyncDisposable {
  url: string
  /** From the moment on at which the client sends this text, no answer comes through any more. */
  loseAnswersAfter(text: string): void
  /** Changes what the server says, byte for byte. */
  rewrite(from: string, to: string): void
}

export async function openWire(targetUrl: string): Promise<Wire> {
  const target = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let losing: string | undefined
  let change: { from: string; to: string } | undefined

  const server = createServer((client) => {
    const upstream = dial({ host: target.hostname, port: Number(target.port) })
    let isMute = false
    client.on('data', (bytes) => {
      if (losing !== undefined && bytes.includes(losing)) isMute = true
      upstream.write(bytes)
    })
    upstream.on('data', (bytes: Buffer) => {
      if (!isMute) client.write(change ? replaced(bytes, change) : bytes)
    })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.end()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const url = new URL(targetUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    loseAnswersAfter(text) {
      losing = text
    },
    rewrite(from, to) {
      if (from.length !== to.length) throw new RangeError('the wire counts its bytes')
      change = { from, to }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const replaced = (bytes: Buffer, { from, to }: { from: string; to: string }) =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')

/** Resolves when the database is seen to be away, or back. */
export function seen(server: DatabaseServer, state: 'away' | 'back'): Promise<void> {
  const isThere = () => server.isAway() === (state === 'away')
  const change = new Promise<void>((resolve) => {
    if (isThere()) resolve()
    server.onChange(() => {
      if (isThere()) resolve()
    })
  })
  return within(PATIENCE_MS, `the change to "${state}"`, change)
}

/** Asks until it is so, letting others go on in between; throws when it never is. */
export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('it never became so')
}
