import { Agent, type IncomingMessage, request } from 'node:http'
import { requireLoopback } from '../frame/loopback.ts'

/** No answer a drill reads is longer (all of 500 flags are half of it); a longer one is cut off and counts as failed. */
const BODY_LENGTH_MAX = 1024 * 1024

/** A server under load. Connections are kept and go to the loopback address itself: no name is looked up on the way. */
export interface Target extends Disposable {
  origin: string
  send(ask: Ask): Promise<Reply>
}

export interface Ask {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  headers?: Record<string, string>
  json?: unknown
  /** The deadline: nothing is asked without one. */
  signal: AbortSignal
}

export interface Reply {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

export function openTarget(origin: string, { connectionsMax }: { connectionsMax: number }): Target {
  const url = requireLoopback(origin)
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, maxFreeSockets: connectionsMax })
  const base = { agent, host: url.hostname === '[::1]' ? '::1' : '127.0.0.1', port: url.port }
  const send = (ask: Ask) =>
    new Promise<Reply>((resolve, reject) => {
      const body = ask.json === undefined ? undefined : JSON.stringify(ask.json)
      const type =
        body === undefined ? {} : { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` }
      const headers = { host: url.host, ...type, ...ask.headers }
      const sent = request({ ...base, method: ask.method, path: ask.path, headers, signal: ask.signal }, (reply) =>
        readBody(reply).then(
          (text) => resolve({ status: reply.statusCode!, headers: reply.headers, body: text }),
          reject,
        ),
      )
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection in the moment it was used: every browser and proxy asks again (RFC 9112 §9.3.1).
        const isStale = ask.method === 'GET' && sent.reusedSocket && error.code === 'ECONNRESET' && !ask.signal.aborted
        if (isStale) resolve(send({ ...ask, headers: { ...ask.headers, connection: 'close' } }))
        else reject(error)
      })
      sent.end(body)
    })
  return { origin: url.origin, send, [Symbol.dispose]: () => agent.destroy() }
}

async function readBody(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_LENGTH_MAX) throw new Error(`The answer is longer than ${BODY_LENGTH_MAX} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The cookies that an answer sets, by name; an empty value is one it takes away. */
export function cookiesSet(reply: Reply): Map<string, string> {
  return cookiesOf(reply.headers['set-cookie'] ?? [])
}

/** The same of `Set-Cookie` lines. */
export function cookiesOf(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const [pair, ...attributes] = line.split(';')
      const at = pair!.indexOf('=')
      const [name, value] = [pair!.slice(0, at).trim(), pair!.slice(at + 1).trim()]
      return [name, isTakenAway(attributes) ? '' : value]
    }),
  )
}

function isTakenAway(attributes: string[]): boolean {
  return attributes.some((attribute) => {
    const [name, value = ''] = attribute.split('=').map((part) => part.trim())
    if (name!.toLowerCase() === 'max-age') return Number(value) <= 0
    return name!.toLowerCase() === 'expires' && Date.parse(value) <= Date.now()
  })
}

export function cookieHeader(cookies: Record<string, string>): string {
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}
