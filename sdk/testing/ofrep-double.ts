/** A double of what browsers ask access: evaluated answers for a context, and a stream that says that they changed. */
import { hash } from 'node:crypto'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventStream } from '../flags/web/change-stream.ts'
import { readEvents } from '../events.ts'

export const BROWSER_TOKEN = `hf_test_browser_${'b'.repeat(43)}`

export class OfrepDouble {
  /** What a context is answered. */
  answer: (context: Record<string, unknown>) => Record<string, unknown>[] = () => []
  /** What is answered instead, to everything. */
  status: number | undefined
  hasStream = true
  readonly seen: { query: string; etag: string | undefined; context: Record<string, unknown>; status: number }[] = []
  readonly #listeners = new Set<ServerResponse>()
  #server = createServer()
  #port = 0

  static async open(): Promise<OfrepDouble> {
    const double = new OfrepDouble()
    await double.start()
    return double
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get listeners(): number {
    return this.#listeners.size
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#take(request, response))
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    this.#listeners.clear()
    await closed
  }

  tell(etag: string): void {
    const data = JSON.stringify({ type: 'refetchEvaluation', etag, lastModified: 1_771_622_898 })
    for (const listener of this.#listeners) listener.write(`event: message\ndata: ${data}\n\n`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.stop()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', this.url)
    if (pathname === '/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      this.#listeners.add(response)
      response.once('close', () => this.#listeners.delete(response))
      return
    }
    let body = ''
    for await (const chunk of request) body += chunk
    const { context } = JSON.parse(body) as { context: Record<string, unknown> }
    const flags = this.answer(context)
    const tag = `"${hash('sha256', JSON.stringify(flags), 'base64url')}"`
    const etag = request.headers['if-none-match']
    const isTaken = request.headers.authorization === `Bearer ${BROWSER_TOKEN}`
    const status = this.status ?? (isTaken ? (etag === tag ? 304 : 200) : 401)
    this.seen.push({ query: search, etag, context, status })
    response.writeHead(status, { 'content-type': 'application/json', etag: tag })
    const eventStreams = this.hasStream
      ? [{ type: 'sse', endpoint: { requestUri: '/stream?secret=s' }, inactivityDelaySec: 0 }]
      : undefined
    response.end(status === 200 ? JSON.stringify({ flags, eventStreams }) : undefined)
  }
}

/** As a browser's EventSource, without its coming back by itself. */
export function openEventStream(url: string): EventStream {
  const request = get(url, (response) => {
    stream.readyState = 1
    stream.onopen?.()
    const read = async () => {
      for await (const { data } of readEvents(ReadableStream.from(response) as never)) stream.onmessage?.({ data })
    }
    read()
      .catch(() => {})
      .finally(lose)
  })
  const lose = () => {
    if (stream.readyState === 2) return
    stream.readyState = 2
    stream.onerror?.()
  }
  const stream = {
    readyState: 0,
    onmessage: null as EventStream['onmessage'],
    onopen: null as EventStream['onopen'],
    onerror: null as EventStream['onerror'],
    close() {
      stream.readyState = 2
      request.destroy()
    },
  }
  request.on('error', lose)
  return stream
}
