import { type Queries, sql } from '../../../platform/database/index.ts'

export interface SigningKeyRow {
  kid: string
  public_jwk: { x: string; y: string }
  private_sealed: string
  created_at: Date
  sign_from: Date
  sign_until: Date
  verify_until: Date
}

export async function signingKeys(db: Queries, limit: number): Promise<SigningKeyRow[]> {
  return db.many<SigningKeyRow>(sql`
    select kid, public_jwk, private_sealed, created_at, sign_from, sign_until, verify_until
      from sessions.signing_key
     order by sign_from desc, kid
     limit ${limit}`)
}

/** Held until the transaction ends: of two processes, the second sees what the first made. */
export async function lockSigningKeys(db: Queries): Promise<void> {
  await db.many(sql`lock table sessions.signing_key in share row exclusive mode`)
}

export async function insertSigningKey(db: Queries, row: SigningKeyRow): Promise<void> {
  await db.many(sql`
    insert into sessions.signing_key (kid, public_jwk, private_sealed, created_at, sign_from, sign_until, verify_until)
    values (${row.kid}, ${JSON.stringify(row.public_jwk)}, ${row.private_sealed}, ${row.created_at}, ${row.sign_from},
            ${row.sign_until}, ${row.verify_until})`)
}

export async function moveSigningKey(
  db: Queries,
  moved: { kid: string; signFrom: Date; signUntil: Date; verifyUntil: Date },
): Promise<void> {
  await db.many(sql`
    update sessions.signing_key
       set sign_from = ${moved.signFrom}, sign_until = ${moved.signUntil}, verify_until = ${moved.verifyUntil}
     where kid = ${moved.kid}`)
}
