import { type Logger as PinoLogger, pino } from 'pino'

/** `error` means that a human has to act; a healthy day has none. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

/** Whatever is logged under one of these names is a secret, wherever it stands. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'code',
  'token',
  'handle',
  'proof',
  'key',
  'password',
  'secret',
  'url',
]

export function openLog(options: { level: string; process: string }): PinoLogger {
  return pino({
    level: options.level,
    base: { process: options.process, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_NAMES.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '[redacted]' },
    formatters: { level: (label) => ({ level: label }) },
  })
}

/** For tests and tools that have nobody to tell. */
export const silentLog: Logger = { debug() {}, info() {}, warn() {}, error() {} }
