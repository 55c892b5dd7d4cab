import type { Token } from '../api/wire/tokens.ts'
import { listQuery, oneQuery } from '../list/list-query.ts'
import { api, type TokensSearch } from '../paths.ts'

export const askFor = (search: TokensSearch) => ({ state: search.state })

export function tokensQuery(search: TokensSearch) {
  return listQuery<Token>('tokens', api.tokens, askFor(search), search.cursor)
}

export function tokenQuery(id: string) {
  return oneQuery<Token>('tokens', api.token(id))
}

/** What of the address belongs to the list; the rest belongs to the panel beside it. */
export function listSearch({ state, cursor, make }: TokensSearch): TokensSearch {
  return { state, cursor, make }
}
