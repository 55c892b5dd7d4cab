import type { Socket } from 'node:net'
import { PROBLEM_MEDIA_TYPE, problem } from './problem.ts'
import { refuse } from './refusals.ts'
import { securityHeaders } from './security-headers.ts'

const phrases: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
}

/** What could not even be read as HTTP is answered with a problem document too, and nothing of it is repeated. */
export function answerUnreadable(origin: string) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const { status, code, message } = refusalFor(error.code)
    const said = problem(status, code, message)
    const body = JSON.stringify({ ...said, type: origin + said.type })
    const headers = {
      ...securityHeaders(origin),
      'content-type': PROBLEM_MEDIA_TYPE,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    // Ended, not kept: where this request stopped and the next began is exactly what is not known (smuggling).
    const head = [`HTTP/1.1 ${status} ${phrases[status]}`, ...lines].join('\r\n')
    socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy())
  }
}

function refusalFor(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return refuse('headers_too_large')
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return refuse('too_large')
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? refuse('too_slow') : refuse('unreadable')
}
