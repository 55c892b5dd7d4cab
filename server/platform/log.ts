import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'
import { scrub, scrubText } from './scrub.ts'

/** `error` means that a human has to act; a healthy day has none. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

/** When nobody reads the other end, lines beyond this are dropped: a full pipe must not stop the door. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024

export function openLog(options: { level: string; process: string; to?: DestinationStream }): PinoLogger {
  return pino(
    {
      level: options.level,
      base: { process: options.process, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => scrub(fields) as Record<string, unknown>,
      },
      hooks: {
        logMethod(said, method) {
          method.apply(this, said.map((each) => (typeof each === 'string' ? scrubText(each) : each)) as typeof said)
        },
      },
    },
    options.to ?? standardOutput(),
  )
}

/** Written behind our back: a pipe that is full, and a disk that is, hold up nobody who is signing in. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: 1, sync: false, maxLength: WAITING_BYTES_MAX })
  // There is nowhere left to tell it.
  output.on('error', () => {})
  return output
}

/** For tests and tools that have nobody to tell. */
export const silentLog: Logger = { debug() {}, info() {}, warn() {}, error() {} }
