import { FAILOVER_METHOD, headers, reasons, type Session } from '../../../sdk/contract.ts'
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

/** A sign-in that is this young is fresh: long enough for a form, too short for a browser that was left open. */
export const FRESH_SIGN_IN_MS = 10 * 60_000

/** Refuses a person who was proven by less than they have. Whoever knows methods of signing in answers it. */
export type AssertStrongest = (actor: Actor) => Promise<void>

/** How sure a route wants to be that it is still the person who signed in. */
export interface Freshness {
  /** The person must have proved who they are within this time, else `sessions.stale`. A token has no sign-in to be stale. */
  freshWithinMs?: number
}

export interface Guards {
  /** Somebody who is signed in, about their own. Support that acts in their name may look, and change nothing. */
  person: Guard
  /** The person themselves, by an ordinary sign-in: support that acts as them is refused, and a session of fail-over. */
  personAlone: Guard
  /** As `personAlone`, for what a browser that was left open must not do. */
  freshPersonAlone(freshWithinMs?: number): Guard
  /**
   * Staff in the console, or a machine token, with this scope. Where the sign-in has to be fresh, it has to be by the strongest method
   * they have as well: what gives others power is not to be had for a mailbox.
   */
  staff(scope: Scope, freshness?: Freshness): Guard
  /** The person about their own, or staff with this scope about everybody: told apart by `actor.isStaff`. */
  personOrStaff(scope: Scope): Guard
  /** Whoever knows methods of signing in says who was proven by less than they have; until then nobody was. */
  onFreshStaff(assertStrongest: AssertStrongest): void
}

/** The console says in a header that it wants to be known by its own cookie. */
export const audienceOf = (call: Call): string | undefined =>
  call.headers[headers.audience] === CONSOLE_AUDIENCE ? CONSOLE_AUDIENCE : undefined

export function guardsOf({ ask, find, now }: Verify, staff: Staff): Guards {
  let assertStrongest: AssertStrongest = async () => {}
  const verify: Verify = { ask, find, now }
  const asPerson = async (call: Call, sureness: Sureness = {}) =>
    lookingOnly(call, await personOf(verify, call, sureness))

  async function asStaff(call: Call, scope: Scope, freshness: Freshness = {}): Promise<Actor> {
    const { authorization } = call.headers
    if (authorization !== undefined && audienceOf(call) === undefined) {
      const token = await staff.authenticateToken(authorization)
      assertAllowed(token.scopes, scope)
      return { kind: 'token', id: token.id, sessionId: null, isStaff: true, impersonatorId: null }
    }
    // Without the header the console's cookie is not read at all: a link from elsewhere can do nothing here.
    const console_ = { ...call, headers: { ...call.headers, [headers.audience]: CONSOLE_AUDIENCE } }
    const actor = await personOf(verify, console_, freshness)
    const allowed = staff.scopesOf(actor.id)
    if (allowed.size === 0 || audienceOf(call) !== CONSOLE_AUDIENCE) throw refuse('not_administrator')
    assertAllowed(allowed, scope)
    if (freshness.freshWithinMs !== undefined) await assertStrongest(actor)
    return { ...actor, isStaff: true }
  }

  return {
    onFreshStaff(answer) {
      assertStrongest = answer
    },
    person: Object.assign((call: Call) => asPerson(call), { security: callers.person.security }),
    personAlone: Object.assign(async (call: Call) => alone(await personOf(verify, call, { isOrdinary: true })), {
      security: callers.person.security,
    }),
    freshPersonAlone: (freshWithinMs = FRESH_SIGN_IN_MS) =>
      Object.assign(async (call: Call) => alone(await personOf(verify, call, { freshWithinMs, isOrdinary: true })), {
        security: callers.person.security,
      }),
    staff: (scope, freshness) =>
      Object.assign((call: Call) => asStaff(call, scope, freshness), { security: callers.staff(scope).security }),
    personOrStaff(scope) {
      const isOrdinary = !ALLOWED_IN_FAIL_OVER.has(scope)
      const asOwn = async (call: Call): Promise<Actor> => {
        const changes = isChange(call)
        return { ...(await asPerson(call, { isOrdinary: isOrdinary && changes })), changes }
      }
      const guard = (call: Call) =>
        audienceOf(call) === undefined && call.headers.authorization === undefined ? asOwn(call) : asStaff(call, scope)
      return Object.assign(guard, { security: callers.personOrStaff(scope).security })
    },
  }
}

/** What people change of their own through a session of fail-over all the same: to end sessions is always safe. */
const ALLOWED_IN_FAIL_OVER: ReadonlySet<Scope> = new Set(['sessions:write'])

export const isChange = ({ method }: Call) => method !== 'GET' && method !== 'HEAD'

const lookingOnly = (call: Call, actor: Actor): Actor => (isChange(call) ? alone(actor) : actor)

/** Support that acts in somebody's name sees what they see, and changes nothing that is theirs alone. */
function alone(actor: Actor): Actor {
  if (actor.impersonatorId !== null) throw refuse('impersonated')
  return actor
}

function assertAllowed(allowed: ReadonlySet<Scope>, scope: Scope): void {
  if (!allowed.has(scope)) throw refuse('not_allowed', { scope, means: scopes[scope].toLowerCase() })
}

/**
 * Whoever was let in because their provider is down uses what they have and changes none of it: what they enrol, link or are
 * given now would outlive the outage, and the provider may have turned them out meanwhile.
 */
export function assertOrdinary({ amr }: Pick<Session, 'amr'>): void {
  if (amr.includes(FAILOVER_METHOD)) throw refuse('failover_session')
}

interface Sureness extends Freshness {
  /** A session of fail-over is refused. */
  isOrdinary?: boolean
}

interface Verify {
  ask: Sessions['verify']
  find: Sessions['find']
  now(): Date
}

/**
 * By its row. A proof that was made before the session became one of fail-over holds for minutes, and so does what another
 * process remembers: neither says whether it may change anything now.
 */
export async function assertOrdinaryNow(find: Sessions['find'], sessionId: string): Promise<void> {
  const row = await find(sessionId)
  if (row && row.ended_at === null) return assertOrdinary(row)
  const reason = row?.end_reason ?? 'not_found'
  throw refuse('ended', {
    verdict: 'invalid',
    reason,
    sentence: reasons[reason],
    ended_at: row?.ended_at?.toISOString(),
  })
}

async function personOf(verify: Verify, call: Call, { freshWithinMs, isOrdinary }: Sureness = {}): Promise<Actor> {
  const answer = await verify.ask(call, { audience: audienceOf(call) })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid') {
    const { reason } = answer
    throw reason === 'no_session'
      ? refuse('not_signed_in', { verdict: 'invalid', reason })
      : refuse('ended', { verdict: 'invalid', reason, sentence: reasons[reason], ended_at: answer.ended_at })
  }
  const { session } = answer
  if (isOrdinary) await assertOrdinaryNow(verify.find, session.id)
  const signedInMs = verify.now().getTime() - Date.parse(session.authenticated_at)
  if (freshWithinMs !== undefined && signedInMs > freshWithinMs) {
    throw refuse('stale', { max_age_s: Math.floor(freshWithinMs / 1000) })
  }
  return {
    kind: 'person',
    id: session.user.id,
    sessionId: session.id,
    isStaff: false,
    impersonatorId: session.impersonator?.id ?? null,
  }
}
