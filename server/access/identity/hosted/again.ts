import type { Call } from '../../../platform/http/index.ts'

/** Longer fields are nobody's typing, and are not carried through an outage. */
const CARRIED_MAX = 4096
const FIELDS_CARRIED_MAX = 10

/** The page on which a form stood. */
export function pathToShow(call: Call): string {
  if (call.path.startsWith('/account')) return '/account'
  if (call.method === 'GET') return pathOf(call)
  const { return_to, application } = textsOf(call.body)
  const query = new URLSearchParams({ ...(application && { application }), ...(return_to && { return_to }) })
  return `${call.path}${query.size > 0 ? `?${query}` : ''}`
}

/** The address of this call once more, without a choice of language in it. */
export function pathOf(call: Call): string {
  const { lang: _, ...said } = textsOf(call.query)
  const query = new URLSearchParams(said)
  return `${call.path}${query.size > 0 ? `?${query}` : ''}`
}

/** What a form or a query said, before anybody has checked it: short texts only. */
export function textsOf(said: unknown): Record<string, string> {
  if (typeof said !== 'object' || said === null) return {}
  const texts = Object.entries(said).flatMap(([name, value]): [string, string][] => {
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && text.length <= CARRIED_MAX && /^[a-z_]{1,40}$/.test(name) ? [[name, text]] : []
  })
  return Object.fromEntries(texts.slice(0, FIELDS_CARRIED_MAX))
}
