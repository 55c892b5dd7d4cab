import type { SessionUser } from '../../../sdk/contract.ts'

/** A person as PostgreSQL has them. */
export interface User {
  id: string
  email: string
  name: string | null
  picture_url: string | null
  locale: string | null
  time_zone: string | null
  metadata_public: Record<string, unknown>
  metadata_private: Record<string, unknown>
  created_at: Date
  last_sign_in_at: Date | null
  blocked_at: Date | null
  /** For staff; the person is not told. */
  blocked_reason: string | null
  /** When the deletion becomes final; null: none was asked for. */
  deletes_at: Date | null
  /** When this address was proven, if it is not the one that the account was made with. */
  email_since: Date | null
}

export const accountStates = ['active', 'blocked', 'deleting'] as const
export type AccountState = (typeof accountStates)[number]

/** A blocked account that is being deleted is told as `deleting`: that is what happens to it next. */
export function accountState({ blocked_at, deletes_at }: Pick<User, 'blocked_at' | 'deletes_at'>): AccountState {
  if (deletes_at) return 'deleting'
  return blocked_at ? 'blocked' : 'active'
}

/** What a session carries of its person. */
export const sessionUser = ({ id, email, name, picture_url }: User): SessionUser => ({ id, email, name, picture_url })
