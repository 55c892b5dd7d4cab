import { createHash } from 'node:crypto'
import type { Scope } from '../environment/index.ts'

export interface Token {
  /** `tok_…`: what records name. */
  id: string
  name: string
  /** The last characters of the secret. */
  hint: string
  scopes: Scope[]
  created_at: Date
  /** Who made it: a `usr_…`, a `tok_…`, or `command line`. */
  created_by: string
  /** Null: until it is revoked. */
  expires_at: Date | null
  /** Within a minute: sights are written together. */
  last_used_at: Date | null
  revoked_at: Date | null
  revoked_by: string | null
}

export type TokenState = 'live' | 'expired' | 'revoked'

const TOKEN = /^hf_([a-z][a-z0-9-]{0,30})_tok_([A-Za-z0-9_-]{43})$/
const HINT_LENGTH = 4

export const formatToken = (environment: string, secret: string) => `hf_${environment}_tok_${secret}`
/** The environment it was made in, read before any look-up; undefined: not one of ours. */
export const environmentOfToken = (text: string): string | undefined => TOKEN.exec(text)?.[1]
/** 256 random bits need no slow hash, and a look-up by digest tells nothing by its time. */
export const digestOfToken = (text: string) => createHash('sha256').update(text).digest()
export const hintOf = (text: string) => text.slice(-HINT_LENGTH)

export function stateOf(token: Pick<Token, 'expires_at' | 'revoked_at'>, now: Date): TokenState {
  if (token.revoked_at) return 'revoked'
  return token.expires_at === null || token.expires_at > now ? 'live' : 'expired'
}
