import type { Session } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import type { Call, Route } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'

/** Support that acts as the person whose page this is. */
export interface Acting {
  staff: string | null
  person: string
  until: Date | null
}

const actingIn = new WeakMap<Call, Acting>()

/** Null: it is the person, or nobody. */
export const actingOf = (call: Call): Acting | null => actingIn.get(call) ?? null

/** Addresses that only read, and give away more than a look. */
const TAKEN_AWAY = /\/export(?:\/|$|\.)/

/**
 * Keeps support from everything that is the person's alone. Held to in one place, for every page below /account whoever
 * adds it: support sees, changes nothing, takes nothing with it, and sees a banner on each page.
 */
export function keptFromSupport(parts: Parts): (route: Route) => Route {
  return (route) => {
    if (route.options.kind !== 'page' || !/^\/account(?:\/|$)/.test(route.path)) return route
    const isHarmless = route.method === 'GET' && !TAKEN_AWAY.test(route.path)
    return {
      ...route,
      async handle(call) {
        const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
        if (answer.verdict === 'valid' && answer.session.impersonator) {
          if (!isHarmless) throw refuse('impersonated')
          actingIn.set(call, actingAs(answer.session))
        }
        return route.handle(call)
      },
    }
  }
}

export const actingAs = ({ impersonator, user, expires_at: expiresAt }: Session): Acting => ({
  staff: impersonator?.name ?? null,
  person: user.name ?? user.email ?? user.id,
  until: expiresAt === null ? null : new Date(expiresAt),
})
