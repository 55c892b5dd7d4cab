import type { Token, TokenState } from '../api/wire/tokens.ts'

const words: Record<TokenState, string> = { live: 'Live', expired: 'Expired', revoked: 'Revoked' }

export function sayState({ state }: Pick<Token, 'state'>): string {
  return words[state]
}

/** Good until somebody remembers it: worth a second look. */
export function neverExpires({ state, expires_at }: Pick<Token, 'state' | 'expires_at'>): boolean {
  return state === 'live' && expires_at === null
}
