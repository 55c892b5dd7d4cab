import { type Static, Type } from 'typebox'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import type { User } from './user.ts'

const LIST_MAX = 200
const LIST_DEFAULT = 50

export type ListUsers = Static<typeof ListUsers>
export const ListUsers = Type.Object({
  query: Type.Optional(Type.String({ maxLength: 200, description: 'Part of an address, a name or an id.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

/** A person as staff see them. */
export interface ListedUser extends User {
  live_sessions: number
  is_administrator: boolean
}

/** Lists people, newest first. */
export async function listUsers(
  parts: Parts,
  { query, limit = LIST_DEFAULT, cursor }: ListUsers,
): Promise<{ data: ListedUser[]; next_cursor: string | null }> {
  const search = query?.trim().normalize('NFKC') || undefined
  const found = await queries.listUsers(parts.db, { search, beforeId: readCursor(cursor), limit: limit + 1 })
  const users = found.slice(0, limit)
  const next = found.length > limit ? users.at(-1)!.id : null
  return { data: await listed(parts, users), next_cursor: next && Buffer.from(next).toString('base64url') }
}

export async function getUser(parts: Parts, id: string): Promise<ListedUser> {
  const user = await queries.findUser(parts.db, id)
  if (!user) throw refuse('no_user', { id: id.replace(/[^\w]/g, '') })
  const [person] = await listed(parts, [user])
  return person!
}

async function listed(parts: Parts, users: User[]): Promise<ListedUser[]> {
  const live = await parts.sessions.countLiveByUser(users.map((user) => user.id))
  return users.map((user) => ({
    ...user,
    live_sessions: live.get(user.id) ?? 0,
    is_administrator: parts.administrators.has(user.id),
  }))
}

function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^usr_[0-9a-z]{1,40}$/.test(id)) throw refuse('bad_cursor')
  return id
}
