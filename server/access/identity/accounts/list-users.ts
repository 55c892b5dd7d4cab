import { type Static, Type } from 'typebox'
import type { Queries } from '../../../platform/database/index.ts'
import { readEmail } from '../email.ts'
import type { Parts } from '../parts.ts'
import { findUser, findUserByEmail } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { type AccountState, accountState, type User } from '../user.ts'
import * as queries from './queries.ts'
import { wordsOf } from './search-words.ts'

const LIST_MAX = 200
const LIST_DEFAULT = 50
/** A frequent word fills a page from these; reading them takes 9 ms. */
const NEWEST_READ = 2000
/** Where those held so many, these fill a page, sooner than the index of words has gathered all that there are. */
const MORE_READ = 10_000
const WORTH_MORE = 15
/** Portions of an organisation's members that are read for one page; what is left comes with the next page. */
const PORTIONS_MAX = 10

export type ListUsers = Static<typeof ListUsers>
export const ListUsers = Type.Object({
  query: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Beginnings of words of an address or a name, a whole address, or an id.',
      examples: ['ana acme'],
    }),
  ),
  state: Type.Optional(
    Type.Union([Type.Literal('active'), Type.Literal('blocked'), Type.Literal('deleting'), Type.Literal('all')], {
      description: 'Only accounts in this state; all of them when left out.',
      examples: ['blocked'],
    }),
  ),
  organization_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'Only members of this organisation.', examples: ['org_01jd7s6k2m9q'] }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

/** A person as staff see them. */
export interface ListedUser extends Omit<User, 'email_since'> {
  state: AccountState
  factors: { kind: 'email'; since: Date }[]
  live_sessions: number
  is_administrator: boolean
}

/** Lists people, newest first. */
export async function listUsers(
  parts: Parts,
  { query, state = 'all', organization_id: organizationId, limit = LIST_DEFAULT, cursor }: ListUsers,
): Promise<{ data: ListedUser[]; next_cursor: string | null }> {
  const filter = { state, beforeId: readCursor(cursor), limit: limit + 1 }
  const said = query?.trim().normalize('NFKC') ?? ''
  const words = said === '' ? undefined : wordsOf(said)
  if (organizationId !== undefined) return membersPage(parts, { ...filter, limit, words, organizationId })
  const exact = said === '' ? undefined : await findExactly(parts.db, said)
  const found = exact ? [exact].filter((user) => isMeant(user, filter)) : await find(parts.db, filter, said, words)
  const users = found.slice(0, limit)
  const next = found.length > limit ? users.at(-1)!.id : null
  return { data: await listed(parts, parts.db, users), next_cursor: next && toCursor(next) }
}

export async function getUser(parts: Parts, id: string): Promise<ListedUser> {
  const user = await findUser(parts.db, id)
  if (!user) throw noUser(id)
  return listedUser(parts, parts.db, user)
}

export const noUser = (id: string) => refuse('no_user', { id: id.replace(/[^\w]/g, '').slice(0, 64) })

/** As the caller's transaction has them. */
export async function listedUser(parts: Parts, db: Queries, user: User): Promise<ListedUser> {
  const [person] = await listed(parts, db, [user])
  return person!
}

/** What somebody pasted whole is what they mean. */
async function findExactly(db: Queries, said: string): Promise<User | undefined> {
  if (/^usr_[0-9a-z]{1,40}$/.test(said)) return findUser(db, said)
  const read = said.includes('@') ? readEmail(said) : undefined
  return read?.outcome === 'ok' ? findUserByEmail(db, read.email.key) : undefined
}

function isMeant(user: User, { state, beforeId }: queries.UserFilter): boolean {
  return (state === 'all' || accountState(user) === state) && (beforeId === undefined || user.id < beforeId)
}

async function find(db: Queries, filter: queries.UserFilter, said: string, words: string | undefined): Promise<User[]> {
  if (said === '') return queries.listUsers(db, filter)
  // Signs alone: no address and no name begins with them.
  if (words === undefined) return []
  const newest = await queries.searchNewest(db, { ...filter, words, among: NEWEST_READ })
  if (newest.length === filter.limit) return newest
  if (newest.length >= WORTH_MORE) {
    const more = await queries.searchNewest(db, { ...filter, words, among: MORE_READ })
    if (more.length === filter.limit) return more
  }
  return queries.searchAll(db, { ...filter, words })
}

/** Members come from whoever knows organisations, a portion at a time, and are looked at here. */
async function membersPage(
  parts: Parts,
  asked: queries.UserFilter & { words: string | undefined; organizationId: string },
): Promise<{ data: ListedUser[]; next_cursor: string | null }> {
  const { organizationId, state, words, limit } = asked
  const found: User[] = []
  let beforeId = asked.beforeId
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const ids = await parts.tenants.membersOf(organizationId, { beforeId, limit: LIST_MAX })
    found.push(...(await queries.usersAmong(parts.db, { ids, state, words })))
    beforeId = ids.length === LIST_MAX ? ids.at(-1) : undefined
    if (beforeId === undefined || found.length > limit) break
  }
  const users = found.slice(0, limit)
  const next = found.length > limit ? users.at(-1)!.id : beforeId
  return { data: await listed(parts, parts.db, users), next_cursor: next === undefined ? null : toCursor(next) }
}

async function listed(parts: Parts, db: Queries, users: readonly User[]): Promise<ListedUser[]> {
  const live = await parts.sessions.within(db).countLiveByUser(users.map((user) => user.id))
  return users.map(({ email_since: since, ...user }) => ({
    ...user,
    state: accountState(user),
    factors: [{ kind: 'email', since: since ?? user.created_at }],
    live_sessions: live.get(user.id) ?? 0,
    is_administrator: parts.administrators.has(user.id),
  }))
}

const toCursor = (id: string) => Buffer.from(id).toString('base64url')

function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^usr_[0-9a-z]{1,40}$/.test(id)) throw refuse('bad_cursor')
  return id
}
