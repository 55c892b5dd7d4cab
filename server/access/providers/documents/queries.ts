import { type Queries, sql } from '../../../platform/database/index.ts'
import { PROVIDERS_MAX } from '../queries.ts'
import type { KnownKey } from './key-set.ts'

export type DocumentKind = 'discovery' | 'keys'

export interface DocumentRow {
  provider_id: string
  kind: DocumentKind
  body: unknown
  fetched_at: Date
  changed_at: Date
}

/** Newest first; what was taken away longer ago than the newest of these is in no cache any more. */
const WITHDRAWN_MAX = 20_000
const KINDS = 2

/** Without the bodies, which hardly ever change. */
export async function documentTimes(db: Queries): Promise<Omit<DocumentRow, 'body'>[]> {
  return db.many<Omit<DocumentRow, 'body'>>(sql`
    select provider_id, kind, fetched_at, changed_at
      from providers.document
     order by provider_id, kind
     limit ${PROVIDERS_MAX * KINDS}`)
}

export async function documentsOf(db: Queries, providerIds: readonly string[]): Promise<DocumentRow[]> {
  return db.many<DocumentRow>(sql`
    select provider_id, kind, body, fetched_at, changed_at
      from providers.document
     where provider_id = any(${providerIds}::text[])
     order by provider_id, kind
     limit ${PROVIDERS_MAX * KINDS}`)
}

export interface WithdrawnRow {
  provider_id: string
  thumbprint: string
  kid: string | null
}

export async function withdrawnKeys(db: Queries, providerIds: readonly string[]): Promise<WithdrawnRow[]> {
  return db.many<WithdrawnRow>(sql`
    select provider_id, thumbprint, kid
      from providers.key
     where provider_id = any(${providerIds}::text[])
       and withdrawn_at is not null
     order by withdrawn_at desc
     limit ${WITHDRAWN_MAX}`)
}

export interface DocumentSaid {
  providerId: string
  /** What it was fetched for: settings that were changed meanwhile get nothing of the old ones. */
  issuer: string
  kind: DocumentKind
  body: object
  fetchedAt: Date
}

/** False: somebody has kept a newer one, or the provider is gone. Until the end of the transaction others wait. */
export async function keepDocument(db: Queries, said: DocumentSaid): Promise<boolean> {
  const { providerId, issuer, kind, body, fetchedAt } = said
  const rows = await db.run(sql`
    insert into providers.document as held (provider_id, kind, body, fetched_at, changed_at)
    select id, ${kind}, ${JSON.stringify(body)}::jsonb, ${fetchedAt}, ${fetchedAt}
      from providers.provider
     where id = ${providerId}
       and issuer = ${issuer}
    on conflict (provider_id, kind) do update
       set body = excluded.body,
           fetched_at = excluded.fetched_at,
           changed_at = case when held.body = excluded.body then held.changed_at else excluded.changed_at end
     where held.fetched_at < excluded.fetched_at`)
  return rows === 1
}

export async function keepKeys(db: Queries, providerId: string, keys: readonly KnownKey[], at: Date): Promise<void> {
  const rows = keys.map(({ thumbprint, jwk }) => ({ thumbprint, kid: jwk.kid ?? null, jwk }))
  await db.run(sql`
    insert into providers.key as held (provider_id, thumbprint, kid, jwk, first_seen_at, last_seen_at)
    select ${providerId}, thumbprint, kid, jwk, ${at}, ${at}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as seen (thumbprint text, kid text, jwk jsonb)
    on conflict (provider_id, thumbprint) do update
       set kid = excluded.kid,
           jwk = excluded.jwk,
           last_seen_at = greatest(held.last_seen_at, excluded.last_seen_at)`)
}

/** What a good, newer set no longer holds is withdrawn, and stays so. */
export async function withdrawOthers(
  db: Queries,
  providerId: string,
  thumbprints: readonly string[],
  at: Date,
): Promise<{ thumbprint: string; kid: string | null }[]> {
  return db.many<{ thumbprint: string; kid: string | null }>(sql`
    update providers.key
       set withdrawn_at = ${at}
     where provider_id = ${providerId}
       and withdrawn_at is null
       and thumbprint <> all(${thumbprints}::text[])
    returning thumbprint, kid`)
}

export interface KeyRow {
  thumbprint: string
  kid: string | null
  first_seen_at: Date
  last_seen_at: Date
  withdrawn_at: Date | null
}

const LISTED_MAX = 200

/** Newest first. */
export async function listKeys(db: Queries, providerId: string): Promise<KeyRow[]> {
  return db.many<KeyRow>(sql`
    select thumbprint, kid, first_seen_at, last_seen_at, withdrawn_at
      from providers.key
     where provider_id = ${providerId}
     order by first_seen_at desc, thumbprint
     limit ${LISTED_MAX}`)
}

/** The document grows a millisecond younger, so that every process reads its keys again. */
export async function reinstate(
  db: Queries,
  providerId: string,
  thumbprint: string,
): Promise<{ kid: string | null } | undefined> {
  const key = await db.maybe<{ kid: string | null }>(sql`
    update providers.key
       set withdrawn_at = null
     where provider_id = ${providerId}
       and thumbprint = ${thumbprint}
       and withdrawn_at is not null
    returning kid`)
  if (key) {
    await db.run(sql`
      update providers.document
         set fetched_at = fetched_at + interval '1 millisecond'
       where provider_id = ${providerId}
         and kind = 'keys'`)
  }
  return key
}

/** With another issuer it is another provider, and nothing that was learned holds. */
export async function forgetDocuments(db: Queries, providerId: string): Promise<void> {
  await db.run(sql`delete from providers.document where provider_id = ${providerId}`)
  await db.run(sql`delete from providers.key where provider_id = ${providerId}`)
}
