import { connect, type Socket } from 'node:net'
import { requireLoopback } from '../../drills/frame/loopback.ts'

/** Nothing that is measured here takes longer; what does has not answered. */
const ANSWER_DEADLINE_MS = 10_000
/** No answer that is asked for here is longer. */
const ANSWER_LENGTH_MAX = 256 * 1024

/** One connection, one request at a time, no pipelining: as many of them as there are people asking at once. */
export interface RawConnection {
  /** Null: no whole answer came. The next send opens the connection again. */
  send(request: string, done: (answer: string | null) => void): void
  close(): void
}

/**
 * HTTP/1.1 over node:net, as little of it as will do: a ceiling is only as high as its generator is cheap, and node:http
 * costs the asker more than Fastify costs the answerer. It reads what our own servers answer, and nothing else.
 */
export function openConnection(url: string): RawConnection {
  const { port } = requireLoopback(url)
  let socket: Socket | undefined
  let waiting: ((answer: string | null) => void) | undefined
  let held = ''

  const settle = (answer: string | null) => {
    const done = waiting
    waiting = undefined
    held = ''
    done?.(answer)
  }
  const open = () => {
    const opened = connect({ host: '127.0.0.1', port: Number(port), noDelay: true })
    opened.setTimeout(ANSWER_DEADLINE_MS, () => waiting && opened.destroy())
    opened.on('data', (bytes: Buffer) => {
      held += bytes.toString('latin1')
      if (isWhole(held)) settle(held)
      else if (held.length > ANSWER_LENGTH_MAX) opened.destroy()
    })
    opened.on('error', () => {})
    opened.on('close', () => {
      if (socket === opened) socket = undefined
      settle(null)
    })
    return opened
  }
  return {
    send(request, done) {
      waiting = done
      socket ??= open()
      socket.write(request, 'latin1')
    },
    close: () => socket?.destroy(),
  }
}

/** One byte is one character in latin1, so that lengths are lengths. */
export function isWhole(answer: string): boolean {
  const bodyAt = answer.indexOf('\r\n\r\n') + 4
  if (bodyAt < 4) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer)?.[1]
  if (length !== undefined) return answer.length - bodyAt >= Number(length)
  if (isChunked(answer)) return answer.endsWith('0\r\n\r\n')
  return /^HTTP\/1\.1 (?:204|304) /.test(answer)
}

export function statusOf(answer: string): number {
  return Number(answer.slice(9, 12))
}

/** The body of an answer, as text. */
export function bodyOf(answer: string): string {
  const bodyAt = answer.indexOf('\r\n\r\n') + 4
  const body = answer.slice(bodyAt)
  return Buffer.from(isChunked(answer.slice(0, bodyAt)) ? joined(body) : body, 'latin1').toString('utf8')
}

const isChunked = (answer: string) => /\r\ntransfer-encoding: *chunked/i.test(answer)

/** RFC 9112 §7.1: a length in hex, so many bytes, and so on until a length of 0. */
function joined(body: string): string {
  let [whole, at] = ['', 0]
  for (;;) {
    const end = body.indexOf('\r\n', at)
    const length = Number.parseInt(body.slice(at, end), 16)
    if (end < 0 || !(length > 0)) return whole
    whole += body.slice(end + 2, end + 2 + length)
    at = end + 2 + length + 2
  }
}

export function cookiesSetBy(answer: string): string[] {
  return [...answer.slice(0, answer.indexOf('\r\n\r\n')).matchAll(/\r\nset-cookie: *([^;\r]+)/gi)].map(
    ([, pair]) => pair!,
  )
}

export function requestOf(ask: {
  method: string
  path: string
  host: string
  headers: string[]
  json?: unknown
}): string {
  const body = ask.json === undefined ? '' : JSON.stringify(ask.json)
  const ofBody = body === '' ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]
  const lines = [`${ask.method} ${ask.path} HTTP/1.1`, `host: ${ask.host}`, ...ask.headers, ...ofBody]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
