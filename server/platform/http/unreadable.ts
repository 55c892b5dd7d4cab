import type { Socket } from 'node:net'
import { problem } from './problem.ts'

const refusals: Record<string, [status: number, phrase: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are larger than 16 KiB. Send less.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Content Too Large', 'The chunk extensions are too large. Send none.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request did not come in time. Send it again.'],
}
const other: [number, string, string] = [400, 'Bad Request', 'This is not HTTP that can be read.']

/** What could not even be read as HTTP is answered with a problem document too, and nothing of it is repeated. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, phrase, detail] = refusals[error.code ?? ''] ?? other
  const body = JSON.stringify(problem(status, 'request.unreadable', detail))
  const lines = [
    `HTTP/1.1 ${status} ${phrase}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ]
  // Ended, not kept: where this request stopped and the next began is exactly what is not known (smuggling).
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
