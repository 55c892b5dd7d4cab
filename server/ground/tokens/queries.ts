import { type Queries, sql } from '../../platform/database/index.ts'
import type { Token, TokenState } from './token.ts'

const columns = sql`id, name, kind, hint, scopes, origins, created_at, created_by, expires_at, last_used_at, revoked_at, revoked_by`

/** Revocations are read this often; more at once are taken by the next reading. */
const REVOKED_MAX = 1000

/** By id; what is not there is left out. */
export async function tokenNames(db: Queries, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.many<{ id: string; name: string }>(sql`
    select id, name
      from tokens.token
     where id = any(${ids})
     limit ${ids.length}`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function findTokenByDigest(db: Queries, digest: Buffer): Promise<Token | undefined> {
  return db.maybe<Token>(sql`
    select ${columns}
      from tokens.token
     where digest = ${digest}`)
}

export async function findToken(db: Queries, id: string): Promise<Token | undefined> {
  return db.maybe<Token>(sql`
    select ${columns}
      from tokens.token
     where id = ${id}`)
}

export async function insertToken(
  db: Queries,
  made: Pick<
    Token,
    'id' | 'name' | 'kind' | 'hint' | 'scopes' | 'origins' | 'created_at' | 'created_by' | 'expires_at'
  > & { digest: Buffer },
): Promise<Token> {
  return db.one<Token>(sql`
    insert into tokens.token (id, name, kind, digest, hint, scopes, origins, created_at, created_by, expires_at)
    values (${made.id}, ${made.name}, ${made.kind}, ${made.digest}, ${made.hint}, ${made.scopes}, ${made.origins},
            ${made.created_at}, ${made.created_by}, ${made.expires_at})
    returning ${columns}`)
}

/** Undefined: it was revoked before, or never was. */
export async function revokeToken(db: Queries, id: string, by: string, now: Date): Promise<Token | undefined> {
  return db.maybe<Token>(sql`
    update tokens.token
       set revoked_at = ${now}, revoked_by = ${by}
     where id = ${id}
       and revoked_at is null
    returning ${columns}`)
}

export interface TokenFilter {
  state: TokenState | 'all'
  beforeId: string | undefined
  limit: number
}

/** Newest first. */
export async function listTokens(db: Queries, filter: TokenFilter, now: Date): Promise<Token[]> {
  const { state, beforeId = null, limit } = filter
  return db.many<Token>(sql`
    select ${columns}
      from tokens.token
     where (${beforeId}::text is null or id < ${beforeId})
       and (${state} = 'all'
            or ${state} = case when revoked_at is not null then 'revoked'
                               when expires_at <= ${now} then 'expired'
                               else 'live' end)
     order by id desc
     limit ${limit}`)
}

/** What other processes revoked of late. */
export async function idsRevokedSince(db: Queries, since: Date): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    select id
      from tokens.token
     where revoked_at >= ${since}
     order by revoked_at desc
     limit ${REVOKED_MAX}`)
  return rows.map(({ id }) => id)
}

/** Forwards only: a process that writes late does not take back what another has written. */
export async function noteTokensUsed(db: Queries, used: readonly { id: string; at: Date }[]): Promise<void> {
  await db.run(sql`
    update tokens.token
       set last_used_at = sight.at
      from unnest(${used.map(({ id }) => id)}::text[], ${used.map(({ at }) => at)}::timestamptz[]) as sight (id, at)
     where token.id = sight.id
       and (token.last_used_at is null or token.last_used_at < sight.at)`)
}

/** Tokens that may ask flags, with what they are known by; the newest, should there be more. */
export async function tokensThatAskFlags(
  db: Queries,
  limit: number,
  now: Date,
): Promise<(Token & { digest: string })[]> {
  return db.many<Token & { digest: string }>(sql`
    select ${columns}, encode(digest, 'base64') as digest
      from tokens.token
     where (kind = 'browser' or scopes && '{flags:read,flags:evaluate}')
       and revoked_at is null
       and (expires_at is null or expires_at > ${now})
     order by id desc
     limit ${limit}`)
}
