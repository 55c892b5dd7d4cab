import { type Queries, sql } from '../../platform/database/index.ts'
import type { Token } from './token.ts'

const columns = sql`id, name, hint, scopes, created_at, created_by, expires_at, last_used_at, revoked_at, revoked_by`

export async function findTokenByDigest(db: Queries, digest: Buffer): Promise<Token | undefined> {
  return db.maybe<Token>(sql`
    select ${columns}
      from tokens.token
     where digest = ${digest}`)
}
