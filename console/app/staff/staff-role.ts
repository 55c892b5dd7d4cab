import type { StaffRole } from '../api/wire/scopes.ts'

/** What a role is for somebody who reads it the first time. */
export const roles: Record<StaffRole, { name: string; meaning: string }> = {
  administrator: { name: 'Administrator', meaning: 'May do everything, this page included.' },
  support: {
    name: 'Support',
    meaning: 'Helps people; changes nothing here.',
  },
  product: {
    name: 'Product',
    meaning: 'Changes feature flags; sees no people.',
  },
}

/** A newer access may have more of them. */
export function sayRole(role: string): string {
  return role in roles ? roles[role as StaffRole].name : role
}

export function sayPerson({ name, email, id }: { name: string | null; email: string | null; id: string }): string {
  return name ?? email ?? id
}
