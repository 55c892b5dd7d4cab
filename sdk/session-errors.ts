/**
 * Nothing can be said of a session at this moment. Express answers it with 503 by itself; an app that shows pages has an
 * error handler that looks at `verdict`. It never means "there is none".
 */
export class SessionUnknown extends Error {
  override name = 'SessionUnknown'
  readonly verdict = 'unknown'
  /** `access_unreachable`, `database_unavailable`, `overloaded`, `old_store_unavailable`, or what access refuses us for. */
  readonly code: string
  readonly status = 503
  readonly statusCode = 503
  readonly headers = { 'retry-after': '2' }

  constructor(code: string) {
    super(`It cannot be known at this moment what this session holds (${code}).`)
    this.code = code
  }
}

/** A session that will not be kept tomorrow either: it is too large, or there are too many. */
export class SessionRefused extends Error {
  override name = 'SessionRefused'
  readonly code: string

  constructor(code: string, detail: string) {
    super(`This session was not kept. ${detail}`)
    this.code = code
  }
}
