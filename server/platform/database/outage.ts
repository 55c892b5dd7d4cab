import { DeadlineExceeded } from '../deadline.ts'

/**
 * The database did not do what it was asked, for a reason that is not ours. `failed`: certainly nothing was changed.
 * `unknown`: it may have been (design, law 1): repeat with the same idempotency key, never tell anybody that it failed.
 */
export class DatabaseOutage extends Error {
  override name = 'DatabaseOutage'
  readonly outcome: 'failed' | 'unknown'

  constructor(outcome: 'failed' | 'unknown', message: string, cause?: unknown) {
    super(message, { cause })
    this.outcome = outcome
  }
}

/** SQLSTATEs (or their classes) by which the server says that it cannot, not that we asked for nonsense. */
const OUTAGE_STATES = [
  '08', // connection exceptions
  '53', // insufficient resources: disk full, too many connections
  '57', // operator intervention: shutdown, cancelled by a timeout
  '58', // system errors
  'XX', // internal errors, data corruption
  '25006', // read-only: a standby, or a primary that was demoted
  '55P03', // a lock was not to be had within lock_timeout
  '28', // the role or its password is not accepted: configuration, but nothing is known about the data
  '3D000', // the database does not exist (yet)
  'HF001', // our own fence: the server woke up after the deadline
]

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** Messages of `pg` that carry no code. */
const DRIVER_MESSAGES =
  /Connection terminated|timeout expired|timeout exceeded when trying to connect|connection is not queryable|Client has encountered a connection error|not queryable|Connection ended/i

/** Tells an outage from a bug. An error that the server sent has an SQLSTATE of five characters. */
export function isOutage(error: unknown): boolean {
  if (error instanceof DatabaseOutage || error instanceof DeadlineExceeded) return true
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  if (!(error instanceof Error)) return false
  const code = (error as { code?: unknown }).code
  if (typeof code === 'string') {
    return NETWORK_CODES.has(code) || (code.length === 5 && OUTAGE_STATES.some((state) => code.startsWith(state)))
  }
  return DRIVER_MESSAGES.test(error.message)
}

/** True when the server itself answered, so that the statement is known to have been rolled back. */
export function wasAnswered(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code
  // 57P01 and 57P02 end the session from outside: the answer to a COMMIT that was under way is lost.
  return typeof code === 'string' && code.length === 5 && !/^(08|57P0[12])/.test(code) && !NETWORK_CODES.has(code)
}
