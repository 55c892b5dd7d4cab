import type { Scope } from './scopes.ts'

/** What a program shows in place of a person, or a page to be told its flags. */
export interface Token {
  id: string
  name: string
  kind: TokenKind
  hint: string
  scopes: Scope[]
  /** Of a browser token: the pages that may send it. */
  origins: string[]
  created_at: string
  created_by: string | null
  expires_at: string | null
  last_used_at: string | null
  revoked_at: string | null
  revoked_by: string | null
  state: TokenState
}
/** `browser`: for everybody to see; it asks flags and does nothing else. */
export type TokenKind = 'machine' | 'browser'
export const tokenStates = ['live', 'expired', 'revoked'] as const
export type TokenState = (typeof tokenStates)[number]

/** The secret is in this answer and never again. */
export interface TokenWithSecret {
  token: Token
  secret: string
}
