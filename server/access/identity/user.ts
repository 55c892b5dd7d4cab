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
}

/** What a session carries of its person. */
export const sessionUser = ({ id, email, name, picture_url }: User): SessionUser => ({ id, email, name, picture_url })
