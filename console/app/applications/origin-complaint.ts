export const ORIGINS_MAX = 20
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/

/** Why this is no origin that can be registered, with the way on; undefined: it is one. Access has the last word. */
export function originComplaint(text: string): string | undefined {
  if (text.includes('*')) return 'Name each origin: a star would let in whoever gets a name beside yours.'
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return 'Begin with https://, such as https://app.acme.example.'
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    return `Use https://${url.host}: without TLS anybody on the way reads the session. http is for this machine alone.`
  }
  if (url.origin !== text) return `Write it as browsers send it: ${url.origin}`
  return undefined
}

/** What is wrong in each row, by its place; empty rows are left out when it is sent. */
export function complaintsOf(origins: readonly string[]): (string | undefined)[] {
  const written = origins.map((origin) => origin.trim())
  return written.map((origin, at) => {
    if (origin === '') return undefined
    return originComplaint(origin) ?? (written.indexOf(origin) < at ? 'This stands above already.' : undefined)
  })
}

export function readOrigins(origins: readonly string[]): string[] {
  return origins.map((origin) => origin.trim()).filter((origin) => origin !== '')
}
