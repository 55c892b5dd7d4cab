import { isAscii, isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { preParsingHookHandler } from 'fastify'

/** What a larger body is refused with, the ordinary way knows; see `server.ts`. */
export const BODY_BYTES_MAX = 64 * 1024

/** Called once with the text; with undefined when only the ordinary way can tell what is wrong with it. False: not answered. */
export type ReadBody = (text: string | undefined) => boolean

/** Bodies that were read here and are to be read again, for as long as their request lives. */
const kept = new WeakMap<IncomingMessage, Buffer>()

/**
 * Reads a plain JSON body before the framework does. False: it is not one (no length, too long, another type), and nothing
 * of it was touched. What was not answered goes on the ordinary way, and is read there again. A client that goes away in the middle is answered by nobody; how long it may take, the server limits.
 */
export function readFastBody(request: IncomingMessage, whenRead: ReadBody, goOn: () => void): boolean {
  const length = plainLength(request)
  if (length === undefined) return false
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => void chunks.push(chunk))
  request.once('error', () => {})
  request.once('end', () => {
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
    if (whenRead(textOf(bytes))) return
    kept.set(request, bytes)
    goOn()
  })
  return true
}

/** For routes that answer fast: what was read already is read from memory. */
export const readKeptBody: preParsingHookHandler = (request, _reply, payload, done) => {
  const bytes = kept.get(request.raw)
  done(null, bytes ? Readable.from([bytes], { objectMode: false }) : payload)
}

const JSON_TYPE = /^application\/json(?:$|[ ;])/i

function plainLength({ headers }: IncomingMessage): number | undefined {
  const length = Number(headers['content-length'] ?? Number.NaN)
  const isPlain =
    length <= BODY_BYTES_MAX &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    JSON_TYPE.test(headers['content-type'] ?? '')
  return isPlain ? length : undefined
}

/** Names by which JavaScript reaches a prototype, and escapes that may spell them: the ordinary parser refuses those. */
const SUSPECT = /__proto__|constructor|\\u/

function textOf(bytes: Buffer): string | undefined {
  const text = isAscii(bytes) ? bytes.toString('latin1') : isUtf8(bytes) ? bytes.toString('utf8') : undefined
  return text === undefined || SUSPECT.test(text) ? undefined : text
}
