/** Where an SMTP server is and how it is spoken to, from `smtp://user:password@host:port?tls=required`. */
export interface SmtpServer {
  host: string
  port: number
  /** `always`: TLS from the first byte (smtps). `required`: STARTTLS or nothing. `optional`: STARTTLS where offered. */
  tls: 'always' | 'required' | 'optional'
  login: { user: string; password: string } | null
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}

/** Throws a sentence without the URL itself, because there may be a password in it. */
export function readSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname) {
    throw new TypeError('an SMTP URL is smtp://host:port or smtps://user:password@host:port')
  }
  const unknown = [...url.searchParams.keys()].filter((name) => name !== 'tls')
  if (unknown.length > 0)
    throw new TypeError(`an SMTP URL has no setting ${unknown[0]}; it has tls=required or tls=optional`)

  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isImplicit = url.protocol === 'smtps:'
  const login = url.username
    ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : null
  return { host, port: Number(url.port) || (isImplicit ? 465 : 587), tls: tlsOf(url, host, login !== null), login }
}

function tlsOf(url: URL, host: string, hasPassword: boolean): SmtpServer['tls'] {
  const asked = url.searchParams.get('tls')
  if (asked !== null && asked !== 'required' && asked !== 'optional') {
    throw new TypeError('tls in an SMTP URL is "required" or "optional"')
  }
  if (url.protocol === 'smtps:') return 'always'
  // Somebody on the way can hide STARTTLS, and would then be told the password.
  return asked ?? (hasPassword && !isLoopback(host) ? 'required' : 'optional')
}
