import type { StaffRole } from '../api/wire/scopes.ts'

/** What a role is for somebody who reads it the first time. */
export const roles: Record<StaffRole, { name: string; meaning: string }> = {
  administrator: { name: 'Administrator', meaning: 'May do everything, this page included.' },
  support: {
    name: 'Support',
    meaning: 'Sees people, sessions and the audit, ends sessions, acts as a person with a reason.',
  },
}

/** A newer access may have more of them. */
export function sayRole(role: string): string {
  return role in roles ? roles[role as StaffRole].name : role
}

export function sayPerson({ name, email, id }: { name: string | null; email: string | null; id: string }): string {
  return name ?? email ?? id
}
