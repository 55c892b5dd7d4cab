import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventStream } from './answer.ts'

/** A reader this far behind is cut off; it comes back with Last-Event-ID and misses nothing. */
const BUFFERED_BYTES_MAX = 1024 * 1024

/** Takes the connection over from the framework and keeps it open for server-sent events. */
export function startEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  start: (stream: EventStream) => () => void,
): FastifyReply {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  raw.flushHeaders()
  const close = () => raw.destroy()
  const stop = start({
    send({ id, event, data }) {
      if (raw.destroyed) return false
      if (raw.writableLength > BUFFERED_BYTES_MAX) {
        close()
        return false
      }
      raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      return true
    },
    close,
  })
  request.raw.once('close', stop)
  return reply
}
