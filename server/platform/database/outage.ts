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
  '25P03', // a transaction that we left idle was ended
  '28', // the role or its password is not accepted: configuration, but nothing is known about the data
  '3D000', // the database does not exist (yet)
]

/** The server lives, and could not do this one thing now; nothing of it was kept. No reason to call the server away. */
const DECLINED_STATES = [
  '40001', // lost against a concurrent transaction
  '40P01', // a deadlock was broken
  '55P03', // a lock was not to be had within lock_timeout
  '57014', // statement_timeout, or cancelled by hand
  'HF001', // our own fence: the server woke up after the deadline
]

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'ENOTCONN',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
])

/** Messages of `pg` that carry no code. */
const DRIVER_MESSAGES =
  /Connection terminated|timeout expired|timeout exceeded when trying to connect|not queryable|Client has encountered a connection error|Connection ended|Client was closed|Cannot use a pool after calling end/i

/** The five characters by which a server's own error is told from one of the network or the driver. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error)
  // `EPIPE` and `EPERM` have five characters too; no SQLSTATE is all letters and begins with an E.
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : undefined
}

/** A host with more than one address fails with the errors of all of them. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** Tells an outage from a bug. */
export function isOutage(error: unknown): boolean {
  if (error instanceof DatabaseOutage || error instanceof DeadlineExceeded) return true
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  if (!(error instanceof Error)) return false
  const state = sqlStateOf(error)
  if (state !== undefined) return isDeclined(error) || OUTAGE_STATES.some((known) => state.startsWith(known))
  return NETWORK_CODES.has(codeOf(error) ?? '') || DRIVER_MESSAGES.test(error.message)
}

/** True when the server lives and answered that it could not do this one thing now. */
export function isDeclined(error: unknown): boolean {
  return DECLINED_STATES.includes(sqlStateOf(error) ?? '')
}

/** True when the server itself answered, so that the statement is known to have been rolled back. */
export function wasAnswered(error: unknown): boolean {
  const state = sqlStateOf(error)
  // 57P01 and 57P02 end the session from outside: the answer to a COMMIT that was under way is lost.
  return state !== undefined && !/^(08|57P0[12])/.test(state)
}
