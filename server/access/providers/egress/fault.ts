/** Why nothing usable came back: what evidence, the log and the test of a provider are written in. */
export const faults = [
  'address',
  'dns',
  'refused',
  'unreachable',
  'reset',
  'timeout',
  'tls-expired',
  'tls-host',
  'tls',
  'redirect',
  'too-big',
  'malformed',
  'html',
  'status-5xx',
  'status-4xx',
  'limited',
  'keys',
  'keys-empty',
  'clock-skew',
] as const
export type Fault = (typeof faults)[number]

/** Something on the way out failed. The detail is a sentence without query, body or secret. */
export class EgressFault extends Error {
  override name = 'EgressFault'
  readonly fault: Fault
  /** Whether it says anything of the provider: not what our own rules forbid, nor what whoever asks badly earns. */
  readonly isEvidence: boolean
  constructor(fault: Fault, detail: string, options: ErrorOptions & { isEvidence?: boolean } = {}) {
    super(detail, options)
    this.fault = fault
    this.isEvidence = options.isEvidence ?? (fault !== 'address' && fault !== 'status-4xx')
  }
}

const TLS_EXPIRED = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])
const OF_CODE: Readonly<Record<string, Fault>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENETDOWN: 'unreachable',
  ETIMEDOUT: 'timeout',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-host',
  HPE_HEADER_OVERFLOW: 'too-big',
}
/** OpenSSL's words for certificates that lead to nobody we trust. */
const TLS = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH)/

/** Of what Node says about a connection. Several addresses that all failed: the first of them speaks. */
export function faultOf(error: unknown): EgressFault {
  if (error instanceof EgressFault) return error
  if (error instanceof AggregateError && error.errors.length > 0) return faultOf(error.errors[0])
  const code = String((error as NodeJS.ErrnoException)?.code ?? '')
  const detail = code || (error as Error)?.name || 'it failed'
  const options = { cause: error }
  if (TLS_EXPIRED.has(code))
    return new EgressFault('tls-expired', `its certificate is not valid now (${code})`, options)
  const known = OF_CODE[code]
  if (known) return new EgressFault(known, `the connection failed (${detail})`, options)
  if (TLS.test(code)) return new EgressFault('tls', `TLS could not be agreed on (${code})`, options)
  if (code.startsWith('HPE_')) return new EgressFault('malformed', `it did not answer in HTTP (${code})`, options)
  return new EgressFault('reset', `the connection broke (${detail})`, options)
}
