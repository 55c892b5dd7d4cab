import { headers, reasons } from '../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { callers } from '../../ground/documentation/index.ts'
import { type Scope, scopes } from '../../ground/environment/index.ts'
import { DatabaseOutage } from '../../platform/database/index.ts'
import type { Actor, Call, Guard } from '../../platform/http/index.ts'
import type { Sessions } from './open-sessions.ts'
import { refuse } from './refusals.ts'

/** A machine token that was recognised, and what it may do. */
export interface TokenHolder {
  /** `tok_…`. */
  id: string
  scopes: ReadonlySet<Scope>
}

/** What the guards ask besides sessions. */
export interface Staff {
  scopesOf(userId: string): ReadonlySet<Scope>
  /** By the header Authorization; refuses what is no live token of this environment. An outage is thrown as one. */
  authenticateToken(authorization: string): Promise<TokenHolder>
}

export interface Guards {
  /** Somebody who is signed in, about their own; not while support acts in their name if `own` is asked for. */
  person: Guard
  /** The person themselves: support that acts as them is refused. */
  personAlone: Guard
  /** Staff in the console, or a machine token, with this scope. */
  staff(scope: Scope): Guard
  /** The person about their own, or staff with this scope about everybody: told apart by `actor.isStaff`. */
  personOrStaff(scope: Scope): Guard
}

/** The console says in a header that it wants to be known by its own cookie. */
export const audienceOf = (call: Call): string | undefined =>
  call.headers[headers.audience] === CONSOLE_AUDIENCE ? CONSOLE_AUDIENCE : undefined

export function guardsOf(verify: Sessions['verify'], staff: Staff): Guards {
  const asPerson: Guard = (call) => personOf(verify, call)

  async function asStaff(call: Call, scope: Scope): Promise<Actor> {
    const { authorization } = call.headers
    if (authorization !== undefined && audienceOf(call) === undefined) {
      const token = await staff.authenticateToken(authorization)
      assertAllowed(token.scopes, scope)
      return { kind: 'token', id: token.id, sessionId: null, isStaff: true, impersonatorId: null }
    }
    // Without the header the console's cookie is not read at all: a link from elsewhere can do nothing here.
    const console_ = { ...call, headers: { ...call.headers, [headers.audience]: CONSOLE_AUDIENCE } }
    const actor = await personOf(verify, console_)
    const allowed = staff.scopesOf(actor.id)
    if (allowed.size === 0 || audienceOf(call) !== CONSOLE_AUDIENCE) throw refuse('not_administrator')
    assertAllowed(allowed, scope)
    return { ...actor, isStaff: true }
  }

  return {
    person: Object.assign(asPerson, { security: callers.person.security }),
    personAlone: Object.assign(async (call: Call) => alone(await personOf(verify, call)), {
      security: callers.person.security,
    }),
    staff: (scope) => Object.assign((call: Call) => asStaff(call, scope), { security: callers.staff(scope).security }),
    personOrStaff(scope) {
      const guard = (call: Call) =>
        audienceOf(call) === undefined && call.headers.authorization === undefined
          ? personOf(verify, call)
          : asStaff(call, scope)
      return Object.assign(guard, { security: callers.personOrStaff(scope).security })
    },
  }
}

/** Support that acts in somebody's name sees what they see, and changes nothing that is theirs alone. */
function alone(actor: Actor): Actor {
  if (actor.impersonatorId !== null) throw refuse('impersonated')
  return actor
}

function assertAllowed(allowed: ReadonlySet<Scope>, scope: Scope): void {
  if (!allowed.has(scope)) throw refuse('not_allowed', { scope, means: scopes[scope].toLowerCase() })
}

async function personOf(verify: Sessions['verify'], call: Call): Promise<Actor> {
  const answer = await verify(call, { audience: audienceOf(call) })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid') {
    const { reason } = answer
    throw reason === 'no_session'
      ? refuse('not_signed_in', { verdict: 'invalid', reason })
      : refuse('ended', { verdict: 'invalid', reason, sentence: reasons[reason], ended_at: answer.ended_at })
  }
  const { session } = answer
  return {
    kind: 'person',
    id: session.user.id,
    sessionId: session.id,
    isStaff: false,
    impersonatorId: session.impersonator?.id ?? null,
  }
}
