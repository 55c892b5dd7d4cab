import { refuse } from './refusals.ts'
import type { Call } from './route.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * ASVS 3.5: a browser says where a request comes from; one that changes something must come from the same origin.
 * A caller that sends neither header is no browser, and has no cookies that somebody else could use.
 */
export function assertSameOrigin(call: Pick<Call, 'method' | 'headers' | 'origin'>): void {
  if (SAFE_METHODS.has(call.method)) return
  const { origin, 'sec-fetch-site': site } = call.headers
  if (origin !== undefined && origin !== call.origin) throw refuse('cross_site')
  // `none`: typed or a bookmark; `same-origin` alone is a form of ours. `same-site` is another host: not ours.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refuse('cross_site')
}
