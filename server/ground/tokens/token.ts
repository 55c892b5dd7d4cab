import { createHash } from 'node:crypto'
import type { Scope } from '../environment/index.ts'

/** `browser`: public by nature, so that it asks flags for answers and nothing else, from the pages of its origins. */
export type TokenKind = 'machine' | 'browser'

export interface Token {
  /** `tok_…`: what records name. */
  id: string
  name: string
  kind: TokenKind
  /** The last characters of the secret. */
  hint: string
  scopes: Scope[]
  /** Of a browser token. */
  origins: string[]
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

const TOKEN = /^hf_([a-z][a-z0-9-]{0,30})_(tok|browser)_([A-Za-z0-9_-]{43})$/
const WORDS = { machine: 'tok', browser: 'browser' } as const satisfies Record<TokenKind, string>
const HINT_LENGTH = 4

export const formatToken = (environment: string, kind: TokenKind, secret: string) =>
  `hf_${environment}_${WORDS[kind]}_${secret}`
export const isBrowserToken = (text: string): boolean => TOKEN.exec(text)?.[2] === WORDS.browser
/** The environment it was made in, read before any look-up; undefined: not one of ours. */
export const environmentOfToken = (text: string): string | undefined => TOKEN.exec(text)?.[1]
/** 256 random bits need no slow hash, and a look-up by digest tells nothing by its time. */
export const digestOfToken = (text: string) => createHash('sha256').update(text).digest()
export const hintOf = (text: string) => text.slice(-HINT_LENGTH)

export function stateOf(token: Pick<Token, 'expires_at' | 'revoked_at'>, now: Date): TokenState {
  if (token.revoked_at) return 'revoked'
  return token.expires_at === null || token.expires_at > now ? 'live' : 'expired'
}
