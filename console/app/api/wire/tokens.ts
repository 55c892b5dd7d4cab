import type { Scope } from './scopes.ts'

/** What a program shows in place of a person. */
export interface Token {
  id: string
  name: string
  hint: string
  scopes: Scope[]
  created_at: string
  created_by: string | null
  expires_at: string | null
  last_used_at: string | null
  revoked_at: string | null
  revoked_by: string | null
  state: TokenState
}
export const tokenStates = ['live', 'expired', 'revoked'] as const
export type TokenState = (typeof tokenStates)[number]

/** The secret is in this answer and never again. */
export interface TokenWithSecret {
  token: Token
  secret: string
}
