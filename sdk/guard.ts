import type { BrowserRequest } from './browser-request.ts'
import { renderInvalid, renderSignInAgain, renderUnknown } from './refusals.ts'
import { AUTH_PREFIX } from './sign-request.ts'
import type { Verified, VerifyOptions } from './verify-session.ts'

/** What a protected handler is given: somebody is signed in. */
export type SignedIn = Verified & { verdict: 'valid' }

/**
 * Where to send somebody to sign in, and back afterwards.
 *
 * @example
 * ```ts
 * import { signInPath } from '@holdfast/sdk'
 *
 * const path = signInPath({ origin: 'https://app.acme.example', path: '/settings' }, { maxAuthAgeMs: 300_000 })
 * console.log(path) // /auth/sign-in?max_age=300&return_to=https%3A%2F%2Fapp.acme.example%2Fsettings
 * ```
 */
export function signInPath(
  request: Pick<BrowserRequest, 'origin' | 'path'>,
  options: Pick<VerifyOptions, 'maxAuthAgeMs'> = {},
): string {
  const query = new URLSearchParams()
  if (options.maxAuthAgeMs !== undefined) query.set('max_age', String(Math.floor(options.maxAuthAgeMs / 1000)))
  query.set('return_to', request.origin + request.path)
  return `${AUTH_PREFIX}/sign-in?${query}`
}

/** The app's answer to whoever may not pass; undefined for who may. Only `invalid` is sent to sign in. */
export function refusalFor(
  request: BrowserRequest,
  answer: Verified,
  options: VerifyOptions,
  awaySinceMs: number | null,
): Response | undefined {
  // What was posted is no address to come back to.
  const { method, origin } = request
  const here = { origin, path: method === 'GET' || method === 'HEAD' ? request.path : '/' }
  switch (answer.verdict) {
    case 'unknown':
      return renderUnknown(request, answer.reason, awaySinceMs)
    case 'invalid':
      return renderInvalid(request, answer.reason, signInPath(here))
    case 'valid':
      return answer.needsFreshSignIn ? renderSignInAgain(request, signInPath(here, options)) : undefined
  }
}
