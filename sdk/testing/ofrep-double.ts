/** A double of what browsers ask access: evaluated answers for a context, and a stream that says that they changed. */
import { hash } from 'node:crypto'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventStream } from '../flags/web/change-stream.ts'
import { readEvents } from '../events.ts'
import { Signer } from './flags-double.ts'

export const BROWSER_TOKEN = `hf_test_browser_${'b'.repeat(43)}`

export interface OfferedHeaders {
  'holdfast-flags-signature'?: string
  'holdfast-flags-keys'?: string
}

export class OfrepDouble {
  /** What a context is answered. */
  answer: (context: Record<string, unknown>) => Record<string, unknown>[] = () => []
  /** What is answered instead, to everything. */
  status: number | undefined
  hasStream = true
  /** Who signs what is asked to be signed; undefined: nobody can. */
  signer: Signer | undefined = new Signer()
  number = 'e1.s1'
  /** What is sent of it. */
  offer: (offered: OfferedHeaders) => OfferedHeaders = (offered) => offered
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
    const eventStreams = this.hasStream
      ? [{ type: 'sse', endpoint: { requestUri: '/stream?secret=s' }, inactivityDelaySec: 0 }]
      : []
    const text = JSON.stringify({ flags, eventStreams })
    const signed = status === 200 ? this.#sign(request.headers['holdfast-flags-sign'], context, text) : {}
    const type = { 'content-type': 'application/json', etag: tag, 'holdfast-flags-number': this.number }
    response.writeHead(status, { ...type, ...signed })
    response.end(status === 200 ? text : undefined)
  }

  #sign(asked: unknown, context: Record<string, unknown>, body: string): OfferedHeaders {
    if (typeof asked !== 'string' || !this.signer) return {}
    const list = this.signer.keyList()
    const [text = ''] = body.split(',"eventStreams":')
    const person = String(context.targetingKey ?? '')
    return this.offer({
      'holdfast-flags-signature': this.signer.signAnswers({ person, number: this.number, text }),
      ...(asked !== list.signature.slice(0, 16) && { 'holdfast-flags-keys': JSON.stringify(list) }),
    })
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
