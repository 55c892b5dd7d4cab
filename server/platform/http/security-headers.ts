/** Constant on everything: design §10 keeps helmet off the fast routes, and a constant serves the others as well. */
const constant = {
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: under that, browsers send `Origin: null` with our own forms. No path leaves the origin either way.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

export function securityHeaders(origin: string): Record<string, string> {
  if (!origin.startsWith('https:')) return constant
  return { ...constant, 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
}

const ORIGIN = /^https?:\/\/[^\s;,'"]+$/

/** Chromium holds a redirect after a form against `form-action` too, so that the origin it may lead to is named. */
export function pagePolicy(formActions: readonly string[] = []): string {
  for (const origin of formActions) if (!ORIGIN.test(origin)) throw new TypeError('a form may lead to an origin only')
  const actions = ["'self'", ...formActions].join(' ')
  return `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; font-src 'self'; form-action ${actions}; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`
}
