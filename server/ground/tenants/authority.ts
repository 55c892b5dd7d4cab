import type { Queries } from '../../platform/database/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { ADMIN, isOwner, MEMBER, mayManage } from './membership.ts'
import { refuse } from './refusals.ts'

/** Whoever asks, and what they are in the organisation that is asked about; null: nothing at all. */
export interface Asker {
  actor: Pick<Actor, 'id' | 'sessionId' | 'isStaff' | 'impersonatorId' | 'changes'>
  roles: readonly string[] | null
}

/**
 * Which of these organisations somebody may not look at or change in the session they ask in, each with why: how its people sign in
 * is for it to say, and a session that it would not take must not reach it by way of another one. Answered by whoever knows that.
 */
export type HeldBack = (
  db: Queries,
  actor: Asker['actor'],
  organizationIds: readonly string[],
) => Promise<ReadonlyMap<string, Refusal>>

/** What can be wished for. `target`: the roles of the membership as they are, and `roles` as they are to be. */
export type Wish =
  | { to: 'read' }
  | { to: 'invite'; roles: readonly string[] }
  | { to: 'see invitations' | 'end invitations' }
  | { to: 'change roles'; userId: string; target: readonly string[]; roles: readonly string[] }
  | { to: 'remove'; userId: string; target: readonly string[] }

export type Verdict = 'allowed' | 'hidden' | 'impersonated' | 'not_manager' | 'owners_only' | 'own_role'

/**
 * Who may do what in an organisation; pure, and tested as a table. Staff and tokens were asked for their scope already.
 * To a stranger there is no such organisation (`hidden`). Nobody raises their own role, and owners are made and unmade
 * by owners: else one admin whose mailbox is lost would be enough to take a company away from its owner.
 */
export function judge({ actor, roles }: Asker, wish: Wish): Verdict {
  if (actor.isStaff) return 'allowed'
  if (roles === null) return 'hidden'
  if (wish.to === 'read') return 'allowed'
  if (actor.impersonatorId !== null && wish.to !== 'see invitations') return 'impersonated'
  if (wish.to === 'remove' && wish.userId === actor.id) return 'allowed'
  if (!mayManage(roles)) return 'not_manager'
  const touched = [...('target' in wish ? wish.target : []), ...('roles' in wish ? wish.roles : [])]
  if (isOwner(touched) && !isOwner(roles)) return 'owners_only'
  const isOwn = wish.to === 'change roles' && wish.userId === actor.id
  return isOwn && !wish.roles.every((role) => heldWith(wish.target).includes(role)) ? 'own_role' : 'allowed'
}

/** An owner may step down to admin, and an admin to member: that raises nobody. */
function heldWith(roles: readonly string[]): readonly string[] {
  if (isOwner(roles)) return [...roles, ADMIN, MEMBER]
  return mayManage(roles) ? [...roles, MEMBER] : roles
}

/** Throws the refusal; what is hidden is refused as if it were not there. */
export function assertMay(asker: Asker, wish: Wish, organizationId: string): void {
  const verdict = judge(asker, wish)
  if (verdict === 'allowed') return
  throw verdict === 'hidden' ? noOrganization(organizationId) : refuse(verdict)
}

/** What a stranger sent is repeated in plain characters only. */
export const noOrganization = (id: string) => refuse('no_organization', { id: id.replace(/[^\w]/g, '').slice(0, 64) })
