/** What somebody is in an organisation. */
export interface Membership {
  /** `mem_…` */
  id: string
  organization_id: string
  user_id: string
  roles: string[]
  created_at: Date
  /** Who made it: a person, a token, or the person who accepted an invitation. */
  created_by: string
  last_used_at: Date | null
}

/** On whose behalf a session acts, and as what. */
export interface Standing {
  id: string
  roles: string[]
}

export const OWNER = 'owner'
export const ADMIN = 'admin'
export const MEMBER = 'member'
export const ROLE_PATTERN = '^[a-z][a-z0-9_-]{0,30}$'
/** They travel in every proof, and a cookie holds 4 kB. */
export const ROLES_MAX = 20
/** Somebody in more is a program. A session and a page hold them all. */
export const MEMBERSHIPS_A_PERSON_MAX = 200

const BUILT_IN = [OWNER, ADMIN, MEMBER]
const ROLE = new RegExp(ROLE_PATTERN)

/** Each role once, ours first; undefined: none, too many, or one that is no role. */
export function readRoles(roles: readonly string[]): string[] | undefined {
  const each = [...new Set(roles)]
  if (each.length === 0 || each.length > ROLES_MAX || !each.every((role) => ROLE.test(role))) return undefined
  const own = each.filter((role) => !BUILT_IN.includes(role)).sort()
  return [...BUILT_IN.filter((role) => each.includes(role)), ...own]
}

export const isOwner = (roles: readonly string[]) => roles.includes(OWNER)
export const mayManage = (roles: readonly string[]) => isOwner(roles) || roles.includes(ADMIN)
export const sameRoles = (one: readonly string[], other: readonly string[]) => one.join() === other.join()
