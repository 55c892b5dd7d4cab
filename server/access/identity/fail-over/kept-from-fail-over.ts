import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import type { Route } from '../../../platform/http/index.ts'
import { assertOrdinaryNow } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'

/** Where people change what is theirs, or what they are somewhere. */
const OWN = /^\/(?:account|invitation)(?:\/|$)/
/** What a session of fail-over may do there: end sessions, write a name, choose for whom it acts. */
const ALLOWED = /^\/account\/(?:profile|sessions\/.+|organizations\/current)$/

/**
 * Keeps sessions of fail-over from changing a way to sign in, an address, a role or an account. Held to in one place, for every
 * page whoever adds it: what is not named as harmless is refused. The API is kept by its guards.
 */
export function keptFromFailOver(parts: Parts): (route: Route) => Route {
  return (route) => {
    const isHarmless = route.method === 'GET' || ALLOWED.test(route.path)
    if (route.options.kind !== 'page' || !OWN.test(route.path) || isHarmless) return route
    return {
      ...route,
      async handle(call) {
        const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
        if (answer.verdict === 'valid') await assertOrdinaryNow(parts.sessions.find, answer.session.id)
        return route.handle(call)
      },
    }
  }
}
