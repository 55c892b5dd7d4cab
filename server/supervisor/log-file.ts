import { appendFile, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LOG_BYTES_MAX, rotateLog } from '../platform/rotate-log.ts'

/** What one child says, on disk: at most four files of 10 MB. */
export interface LogFile {
  write(line: string): void
  /** When all that was written is on disk, or could not be put there. */
  flush(): Promise<void>
}

/** A hung disk must not make the supervisor grow: beyond this, lines are dropped and counted. */
const WAITING_LINES_MAX = 2000

export function openLogFile(path: string): LogFile {
  let waiting: string[] = []
  let dropped = 0
  let writing: Promise<void> | undefined
  let bytes: number | undefined

  async function drain(): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    bytes ??= await stat(path).then(
      (found) => found.size,
      () => 0,
    )
    while (waiting.length > 0) {
      const text = waiting.join('') + (dropped > 0 ? `(${dropped} lines were dropped here)\n` : '')
      waiting = []
      dropped = 0
      await appendFile(path, text, { mode: 0o600 })
      bytes += Buffer.byteLength(text)
      if (bytes > LOG_BYTES_MAX && (await rotateLog(path))) bytes = 0
    }
  }

  return {
    write(line) {
      if (waiting.length >= WAITING_LINES_MAX) dropped += 1
      else waiting.push(`${line}\n`)
      // A full disk must not end the supervisor: what is said there is also seen by whoever it matters to.
      writing ??= drain()
        .catch(() => {
          waiting = []
        })
        .finally(() => {
          writing = undefined
        })
    },
    async flush() {
      await writing
    },
  }
}
