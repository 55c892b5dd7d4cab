import { Readable } from 'node:stream'
import type { TextStream } from './answer.ts'

/** A file that takes longer has a reader that is too slow, or is too large to be asked for at once. */
const STREAM_MS = 10 * 60_000

/** Ends a stream in the middle on purpose. */
export class StreamCut extends Error {
  override name = 'StreamCut'
}

export interface TextStreamOptions {
  streamMs?: number
  /** Told of what went wrong after the head was sent: the answer can only be cut off, and somebody has to know why. */
  onBroken(error: unknown): void
}

/**
 * Text that is made as it is read: nothing is asked for before the client has taken what there is, and what is left is
 * never made when it has gone. An error ends the connection in the middle, so that half a file never looks whole.
 */
export function readableOf({ chunks }: TextStream, { streamMs = STREAM_MS, onBroken }: TextStreamOptions): Readable {
  const readable = Readable.from(chunks, { objectMode: false, encoding: 'utf8' })
  const timer = setTimeout(() => readable.destroy(new StreamCut('it took too long')), streamMs)
  readable.on('error', (error) => {
    if (!(error instanceof StreamCut)) onBroken(error)
  })
  readable.once('close', () => clearTimeout(timer))
  return readable
}
