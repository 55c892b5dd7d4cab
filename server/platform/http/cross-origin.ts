/** Which pages of other sites may ask, and what they may send and read (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export interface CrossOrigin {
  /** Told before anybody knows with which token. */
  mayAsk(origin: string): boolean
  /** Headers that a page may send. */
  allows: readonly string[]
  /** Headers that a page may read. */
  exposes: readonly string[]
}

/** A browser asks again after this; a change of the list is seen within it. */
const PREFLIGHT_MAX_AGE_S = 600

/** Never with credentials: no cookie comes along. To another origin nothing is said, and its browser keeps the answer from the page. */
export function crossOriginHeaders(cross: CrossOrigin, origin: string | undefined): Record<string, string> {
  if (origin === undefined || !cross.mayAsk(origin)) return { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': cross.exposes.join(', '),
  }
}

export function preflightHeaders(
  cross: CrossOrigin,
  { origin, methods }: { origin: string | undefined; methods: string },
): Record<string, string> {
  const headers = crossOriginHeaders(cross, origin)
  if (headers['access-control-allow-origin'] === undefined) return headers
  return {
    ...headers,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': cross.allows.join(', '),
    'access-control-max-age': String(PREFLIGHT_MAX_AGE_S),
  }
}
