import type { FastifyReply } from 'fastify'
import type { EventStream } from './answer.ts'
import { refuse } from './refusals.ts'

/** A reader this far behind is cut off; it comes back with Last-Event-ID and misses nothing. */
const BUFFERED_BYTES_MAX = 1024 * 1024
/** So is one that takes nothing at all for this long: its machine sleeps, or the network between is gone. */
const STALL_MS = 20_000
/** Far above one for each app instance of an installation; who streams to browsers has a limit of its own below this. */
const STREAMS_MAX = 5000

export interface EventStreams {
  /** Takes the connection over from the framework and keeps it open for server-sent events. */
  start(reply: FastifyReply, begin: (stream: EventStream) => () => void): FastifyReply
  /** Ends all: their readers come back, to another process or to the next start of this one. */
  closeAll(): void
}

export function openEventStreams({ stallMs = STALL_MS } = {}): EventStreams {
  const closers = new Set<() => void>()
  return {
    start(reply, begin) {
      if (closers.size >= STREAMS_MAX) throw refuse('too_many_streams', { retry_after_s: 2 })
      const { raw } = reply
      const close = () => raw.destroy()
      closers.add(close)
      raw.once('close', () => closers.delete(close))
      reply.hijack()
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'keep-alive',
      })
      raw.flushHeaders()
      run({ raw, close, stallMs }, begin)
      return reply
    },
    closeAll() {
      for (const close of closers) close()
    },
  }
}

function run(
  { raw, close, stallMs }: { raw: FastifyReply['raw']; close(): void; stallMs: number },
  begin: (stream: EventStream) => () => void,
): void {
  let stalled: NodeJS.Timeout | undefined
  const goOn = () => {
    clearTimeout(stalled)
    stalled = undefined
  }
  raw.on('drain', goOn)
  raw.once('close', goOn)
  raw.on('error', close)
  const write = (text: string): boolean => {
    if (raw.destroyed) return false
    if (!raw.write(text)) stalled ??= setTimeout(close, stallMs)
    if (raw.writableLength <= BUFFERED_BYTES_MAX) return true
    close()
    return false
  }
  try {
    const stop = begin({
      send: ({ id, event, data }) =>
        write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      beat: () => write(':\n\n'),
      close,
    })
    if (raw.destroyed) stop()
    else raw.once('close', stop)
  } catch (error) {
    // The head is sent, so the only honest end is a broken stream: the reader comes back.
    close()
    throw error
  }
}
