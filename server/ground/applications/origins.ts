import { isLoopbackOrigin } from '../../platform/loopback.ts'

/** One product has a few: production, previews, a developer's machine. */
export const ORIGINS_MAX = 20
export const ORIGIN_LENGTH_MAX = 255

export type ReadOrigins = { outcome: 'ok'; origins: string[] } | { outcome: 'bad' | 'ours'; origin: string }

/**
 * Exact origins only: a wildcard, a path or a spelling that browsers would not send is refused rather than put right,
 * because return addresses and signatures are held against these very texts.
 */
export function readOrigins(given: readonly string[], ours: string): ReadOrigins {
  for (const origin of given) {
    if (!isOrigin(origin)) return { outcome: 'bad', origin }
    // An app on our own origin would share its cookies with the console and the account page.
    if (origin === URL.parse(ours)?.origin) return { outcome: 'ours', origin }
  }
  return { outcome: 'ok', origins: [...new Set(given)] }
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  if (!url || text.length > ORIGIN_LENGTH_MAX || url.origin !== text || /[*]/.test(text)) return false
  // Without TLS a session cookie can be read on the way; on the machine itself there is no way.
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackOrigin(text))
}
