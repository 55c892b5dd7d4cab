import type { User } from '../api/wire.ts'

/** The best name there is for somebody. */
export function sayUser({ name, email, id }: Pick<User, 'id' | 'email' | 'name'>): string {
  return name ?? email ?? id
}
