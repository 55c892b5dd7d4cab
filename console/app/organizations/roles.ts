const ROLE = /^[a-z][a-z0-9_-]{0,30}$/
export const ROLES_MAX = 20

/** What the given ones mean to Holdfast; a role of the product's own means what the product says. */
export const meanings: Record<string, string> = {
  owner: 'Everything, owners included. The last one stays.',
  admin: 'Invites, removes and changes members, but no owner.',
  member: 'Belongs to it.',
}

/** Why these cannot be somebody's roles; undefined: they can. */
export function rolesComplaint(roles: readonly string[]): string | undefined {
  if (roles.length === 0) return 'Give at least one role.'
  if (roles.length > ROLES_MAX) return `Give at most ${ROLES_MAX} roles.`
  const wrong = roles.find((role) => !ROLE.test(role))
  return wrong === undefined
    ? undefined
    : `“${wrong}” is no role: begin with a small letter, then small letters, digits, _ and -, at most 31.`
}
