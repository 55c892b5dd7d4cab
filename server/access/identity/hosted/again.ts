import type { Call } from '../../../platform/http/index.ts'

/** Longer fields are nobody's typing, and are not carried through an outage. */
const CARRIED_MAX = 4096
const FIELDS_CARRIED_MAX = 10

/** Forms that are sent to an address at which no page is, and the page that they stand on. */
const standOn: Readonly<Record<string, string>> = {
  '/sign-in/passkey': '/sign-in',
  '/sign-in/passkey/away': '/sign-in',
  '/sign-in/keep': '/sign-in',
  '/impersonation/end': '/account',
}
/** Whoever comes back there brings a code, which is used up by the first look at it. */
const COME_BACK = /^\/sign-in\/(callback\/|passkey\/arrived$)/

/** Where the page that this call is answered with can be opened once more, such as in another language. */
export function pathToReopen(call: Call): string {
  if (call.method !== 'GET') return pathToShow(call)
  return COME_BACK.test(call.path) ? '/sign-in' : pathOf(call)
}

/** The page on which a form stood, for the same errand. */
export function pathToShow(call: Call): string {
  if (call.path.startsWith('/account')) return '/account'
  if (call.method === 'GET') return pathOf(call)
  const { application, return_to, max_age, strongest } = textsOf(call.body)
  const said = Object.entries({ application, return_to, max_age, strongest })
  const query = new URLSearchParams(said.filter((field): field is [string, string] => Boolean(field[1])))
  return `${standOn[call.path] ?? call.path}${query.size > 0 ? `?${query}` : ''}`
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
