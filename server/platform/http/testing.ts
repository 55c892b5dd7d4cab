import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { systemClock } from '../clock.ts'
import { within } from '../deadline.ts'
import type { Logger } from '../log.ts'
import { type HttpServer, type HttpServerOptions, openHttpServer, type Problem, type Route } from './index.ts'

export const ORIGIN = 'http://localhost:4000'
/** Generous: a test waits for what happens, not for how fast this machine is. */
const PATIENCE_MS = 30_000

export interface TestServer extends AsyncDisposable {
  server: HttpServer
  /** Every line of `warn` and `error`: a healthy request leaves none. */
  complaints: unknown[]
  /** `<method> <pattern> <status>` of every request that was answered. */
  seen: { route: string; status: number }[]
  ask(path: string, init?: RequestInit): Promise<Asked>
  /** Writes bytes to a connection of its own, and reads until the other side closes it. */
  sendRaw(bytes: string | Buffer): Promise<string>
  dial(): Promise<Socket>
}

export interface Asked {
  status: number
  headers: Headers
  text: string
  problem: Problem
}

export async function openTestServer(
  routes: readonly Route[],
  options: Partial<HttpServerOptions> = {},
): Promise<TestServer> {
  const complaints: unknown[] = []
  const seen: { route: string; status: number }[] = []
  const note = ((...said: unknown[]) => void complaints.push(said)) as Logger['warn']
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    origin: ORIGIN,
    trustedProxies: [],
    routes,
    folders: [],
    readForwarded: () => undefined,
    renderProblem: (said) => `<p>${said.code}</p>`,
    documentation: { title: 'Test', version: '1', description: 'A test.' },
    clock: systemClock,
    log: { debug() {}, info() {}, warn: note, error: note },
    onRequest: ({ route, status }) => void seen.push({ route, status }),
    ...options,
  })
  const dial = async () => {
    const socket = connect({ host: '127.0.0.1', port: server.port })
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }
  return {
    server,
    complaints,
    seen,
    dial,
    async ask(path, init) {
      const answer = await fetch(server.url + path, {
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...init,
      })
      const text = await answer.text()
      const isJson = /[/+]json(?:;|$)/.test(answer.headers.get('content-type') ?? '') && text !== ''
      return { status: answer.status, headers: answer.headers, text, problem: isJson ? JSON.parse(text) : undefined }
    },
    async sendRaw(bytes) {
      const socket = await dial()
      socket.write(bytes)
      return within(PATIENCE_MS, 'the server', readAll(socket))
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}
