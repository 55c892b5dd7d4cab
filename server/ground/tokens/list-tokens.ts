import { type Static, Type } from 'typebox'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import type { Token } from './token.ts'

const LIST_MAX = 200
const LIST_DEFAULT = 50

export type ListTokens = Static<typeof ListTokens>
export const ListTokens = Type.Object({
  state: Type.Optional(
    Type.Unsafe<queries.TokenFilter['state']>({
      type: 'string',
      enum: ['live', 'expired', 'revoked', 'all'],
      description: 'Only those; `all` when left out.',
      examples: ['live'],
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

/** Lists tokens, newest first. */
export async function listTokens(
  parts: Parts,
  { state = 'all', limit = LIST_DEFAULT, cursor }: ListTokens,
): Promise<{ data: Token[]; next_cursor: string | null }> {
  const filter = { state, beforeId: readCursor(cursor), limit: limit + 1 }
  const found = await queries.listTokens(parts.db, filter, parts.clock.now())
  const data = found.slice(0, limit)
  const next = found.length > limit ? data.at(-1)!.id : null
  return { data, next_cursor: next && Buffer.from(next).toString('base64url') }
}

export async function getToken(parts: Parts, id: string): Promise<Token> {
  const token = await queries.findToken(parts.db, id)
  if (!token) throw refuse('no_token', { id: id.replace(/[^\w]/g, '') })
  return token
}

function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^tok_[0-9a-z]{1,40}$/.test(id)) throw refuse('bad_cursor')
  return id
}
