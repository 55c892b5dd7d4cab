import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { requireLoopback } from '../frame/loopback.ts'

/** What is answered in the place of access when flags are asked for. */
export interface FalseAnswer {
  text: string
  /** Announced by the feed, so that whoever follows it comes and asks. */
  epoch: number
  seq: number
  digest: string
}

/** `pass`: everything goes through. `away`: nobody is there. Otherwise the feed and the flags are false, and all else is true. */
export type Manner = 'pass' | 'away' | FalseAnswer

/**
 * What stands between one application and access: a load balancer, a hijacked name, a cache with somebody else's answer. It
 * belongs to the drill, so what it has delivered is proof.
 */
export interface Front extends Disposable {
  url: string
  /** From now on; connections that are open are cut, so that nobody goes on by what they had. */
  behave(manner: Manner): void
  /** Answers that went out whole since the last change of manner. */
  delivered(): number
}

const CONTENT_TYPE = 'application/vnd.holdfast.flags+json-lines'
const SNAPSHOT = '/v1/flags/snapshot'
const FEED = '/v1/feed'

/** `upstreams`: origins of access, which take turns. */
export async function openFront(upstreams: readonly string[]): Promise<Front> {
  const targets = upstreams.map((origin) => requireLoopback(origin))
  const sockets = new Set<Socket>()
  let manner: Manner = 'pass'
  let [delivered, turn] = [0, 0]
  const server = createServer((asked, answer) => {
    if (manner === 'away') return void asked.socket.destroy()
    const path = asked.url!.split('?', 1)[0]
    if (manner !== 'pass' && path === SNAPSHOT) {
      answer.once('finish', () => delivered++)
      return answerFalsely(answer, manner)
    }
    turn = (turn + 1) % targets.length
    forward(asked, answer, targets[turn]!, manner !== 'pass' && path === FEED ? manner : undefined)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave(next) {
      manner = next
      delivered = 0
      cut()
    },
    delivered: () => delivered,
    [Symbol.dispose]() {
      server.close()
      cut()
    },
  }
}

function answerFalsely(answer: ServerResponse, { text, digest }: FalseAnswer): void {
  answer.writeHead(200, { 'content-type': CONTENT_TYPE, etag: `"${digest}"`, 'holdfast-age-ms': '0' }).end(text)
}

function forward(asked: IncomingMessage, answer: ServerResponse, target: URL, lie: FalseAnswer | undefined): void {
  const headers = { ...asked.headers, host: target.host }
  const sent = request({ host: '127.0.0.1', port: target.port, method: asked.method, path: asked.url, headers })
  sent.on('response', (reply) => {
    answer.writeHead(reply.statusCode!, reply.headers)
    // An event is told at once, not when the next one comes.
    answer.flushHeaders()
    if (!lie) return void reply.pipe(answer)
    answer.write(`event: flags\ndata: ${JSON.stringify({ ...announced(lie), age_ms: 0 })}\n\n`)
    passOthers(reply, answer)
  })
  const give = () => answer.destroy()
  sent.on('error', give)
  answer.on('close', () => sent.destroy())
  asked.pipe(sent)
}

const announced = ({ epoch, seq, digest }: FalseAnswer) => ({ epoch, seq, digest })

/** The feed without what access says about flags. */
function passOthers(reply: IncomingMessage, answer: ServerResponse): void {
  let held = ''
  reply.setEncoding('utf8').on('data', (text: string) => {
    const events = (held + text).split('\n\n')
    held = events.pop()!
    for (const event of events) if (!/^event: ?flags$/m.test(event)) answer.write(`${event}\n\n`)
  })
  reply.on('end', () => answer.end()).on('error', () => answer.destroy())
}
