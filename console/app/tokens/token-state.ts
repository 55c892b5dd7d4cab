import type { Token, TokenState } from '../api/wire/tokens.ts'

const words: Record<TokenState, string> = { live: 'Live', expired: 'Expired', revoked: 'Revoked' }

export function sayState({ state }: Pick<Token, 'state'>): string {
  return words[state]
}
