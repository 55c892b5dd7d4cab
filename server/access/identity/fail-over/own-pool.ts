import type { Database } from '../../../platform/database/index.ts'
import type { Route } from '../../../platform/http/index.ts'
import { isOpen } from '../../providers/index.ts'
import type { Parts } from '../parts.ts'

/** By which people get in when their provider is down, and what they do on the way to it. */
const WAYS_IN = /^\/(?:v1\/)?sign-in(?:\/|$)/
/** Nobody but the fall-back is served by these: they are always on its pool, so that it is never cold. */
const FALL_BACK_ALONE = /^\/(?:v1\/)?sign-in\/passkey(?:\/|$)/

/** The same parts, on the pool of the fall-back: connections that nothing else can use up. */
export function onOwnPool(parts: Parts, db: Database): Parts {
  return { ...parts, db, sessions: { ...parts.sessions, ...parts.sessions.through(db) } }
}

/**
 * The ways in, on connections of their own while any provider is down: then everybody comes at once, and whatever else fills the
 * pool of requests keeps nobody out. On an ordinary day they share it, for a queue of one is shorter than two.
 */
export function throughOwnPool(parts: Parts, routesOf: (parts: Parts) => Route[]): Route[] {
  const own = routesOf(onOwnPool(parts, parts.fallback))
  return routesOf(parts).map((route, index) => {
    if (!WAYS_IN.test(route.path)) return route
    const { handle } = own[index]!
    if (FALL_BACK_ALONE.test(route.path)) return { ...route, handle }
    return { ...route, handle: (call) => (isAnyOpen(parts) ? handle(call) : route.handle(call)) }
  })
}

function isAnyOpen({ providers, clock }: Parts): boolean {
  const now = clock.now()
  return providers.offered().some(({ id }) => isOpen(providers.verdictOf(id), { now, unknownOpens: true }))
}
