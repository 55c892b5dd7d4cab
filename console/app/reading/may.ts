import { type Scope, scopes } from '../api/wire/scopes.ts'
import type { Actor } from '../api/wire.ts'

/** Why the reader's role may not do this; null when it may, or when nobody knows yet: access has the last word. */
export function reasonNotAllowed(
  actor: Pick<Actor, 'role' | 'scopes'> | null | undefined,
  scope: Scope,
): string | null {
  if (!actor || actor.scopes.includes(scope)) return null
  return `Your role${actor.role ? ` (${actor.role})` : ''} does not include: ${sayScope(scope)}. An administrator can.`
}

/** For the middle of a sentence. */
export function sayScope(scope: Scope): string {
  return scopes[scope].charAt(0).toLowerCase() + scopes[scope].slice(1)
}
