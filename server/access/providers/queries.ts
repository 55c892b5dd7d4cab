import { type Queries, sql } from '../../platform/database/index.ts'
import type { Provider } from './provider.ts'

/** All are in the memory of every process, and each is looked at every few seconds. */
export const PROVIDERS_MAX = 200
/** Of one provider; each is on the sign-in page's way. */
export const DOMAINS_MAX = 500

/** As it lies in the table: with its secret sealed, and without its domains. */
export interface ProviderRow extends Omit<Provider, 'domains' | 'keys_good_for_ms'> {
  client_secret_sealed: string | null
  /** As text, for it is a bigint. */
  keys_good_for_ms: string
}

/** Whether a wait is over is for the database's clock to say, and for no process's. */
const columns = sql`
  id, name, preset, issuer, client_id, client_secret_sealed, client_secret_expires_at, token_endpoint_auth, scopes,
  tenants, trusts_email, trusts_factors, email_counts_from,
  case when factors_count_from > clock_timestamp() then factors_count_from end as factors_count_from, keys_good_for_ms, is_enabled, tested_at, created_at, changed_at, version`

export async function allProviders(db: Queries): Promise<ProviderRow[]> {
  return db.many<ProviderRow>(sql`
    select ${columns}
      from providers.provider
     order by id
     limit ${PROVIDERS_MAX}`)
}

export async function allDomains(db: Queries): Promise<{ domain: string; provider_id: string }[]> {
  return db.many<{ domain: string; provider_id: string }>(sql`
    select domain, provider_id
      from providers.domain
     order by domain
     limit ${PROVIDERS_MAX * DOMAINS_MAX}`)
}

/** Newest first. */
export async function listProviders(db: Queries, beforeId: string | null, limit: number): Promise<ProviderRow[]> {
  return db.many<ProviderRow>(sql`
    select ${columns}
      from providers.provider
     where ${beforeId}::text is null or id < ${beforeId}
     order by id desc
     limit ${limit}`)
}

export async function findProvider(db: Queries, id: string): Promise<ProviderRow | undefined> {
  return db.maybe<ProviderRow>(sql`
    select ${columns}
      from providers.provider
     where id = ${id}`)
}

/** Held until the end of the transaction: two who change it wait for each other. */
export async function lockProvider(db: Queries, id: string): Promise<ProviderRow | undefined> {
  return db.maybe<ProviderRow>(sql`
    select ${columns}
      from providers.provider
     where id = ${id}
       for update`)
}

export async function domainsOf(
  db: Queries,
  ids: readonly string[],
): Promise<{ domain: string; provider_id: string }[]> {
  return db.many<{ domain: string; provider_id: string }>(sql`
    select domain, provider_id
      from providers.domain
     where provider_id = any(${ids}::text[])
     order by domain
     limit ${PROVIDERS_MAX * DOMAINS_MAX}`)
}

export async function countProviders(db: Queries): Promise<number> {
  const { total } = await db.one<{ total: number }>(sql`
    select count(*)::int as total
      from providers.provider`)
  return total
}

/** Until the end of the transaction nobody else gives an issuer or a domain away. */
export async function lockSettings(db: Queries): Promise<void> {
  await db.run(sql`select pg_advisory_xact_lock(hashtextextended('providers.settings', 0))`)
}

export interface Vouching {
  issuer: string
  provider_id: string
  last_version: number
  /** What counted of its word when it was deleted. */
  trusted_email: boolean
  trusted_factors: boolean
  /** Null: the provider was deleted. */
  name: string | null
}

/** Who vouches for the people of these issuers, or did; who has done so for longest comes first. */
export async function vouchersFor(db: Queries, issuers: readonly string[]): Promise<Vouching[]> {
  return db.many<Vouching>(sql`
    select held.issuer, held.provider_id, held.last_version, held.trusted_email, held.trusted_factors,
           provider.name
      from providers.issuer held
      left join providers.provider on provider.id = held.provider_id
     where held.issuer = any(${issuers}::text[])
     order by held.since, held.issuer
     limit ${issuers.length}`)
}

/** From now on for these alone; what a deleted one vouched for is taken over. Answers for how many it does. */
export async function setIssuers(db: Queries, id: string, issuers: readonly string[], now: Date): Promise<number> {
  await db.run(sql`
    delete from providers.issuer
     where provider_id = ${id}
       and issuer <> all(${issuers}::text[])`)
  return db.run(sql`
    insert into providers.issuer as held (issuer, provider_id, since)
    select issuer, ${id}, ${now}
      from unnest(${issuers}::text[]) as issuer
        on conflict (issuer) do update
       set provider_id = excluded.provider_id
     where held.provider_id = excluded.provider_id
        or not exists (select from providers.provider where id = held.provider_id)`)
}

/** Before it is deleted. */
export async function noteLast(db: Queries, id: string): Promise<void> {
  await db.run(sql`
    update providers.issuer held
       set last_version = provider.version,
           trusted_email = trusts_email and coalesce(email_counts_from <= clock_timestamp(), true),
           trusted_factors = trusts_factors and coalesce(factors_count_from <= clock_timestamp(), true)
      from providers.provider
     where provider.id = ${id}
       and held.provider_id = ${id}`)
}

export type ProviderSaid = Pick<
  ProviderRow,
  | 'id'
  | 'name'
  | 'preset'
  | 'issuer'
  | 'client_id'
  | 'client_secret_sealed'
  | 'client_secret_expires_at'
  | 'token_endpoint_auth'
  | 'scopes'
  | 'tenants'
  | 'trusts_email'
  | 'trusts_factors'
> & { keys_good_for_ms: number }

/** Long enough for somebody who did not mean it to notice, as of a looser policy. */
const trustedFrom = sql`clock_timestamp() + interval '24 hours'`

/** `version` and what was trusted: of one that was deleted and comes again, with people who are linked to it. */
export async function insertProvider(
  db: Queries,
  said: ProviderSaid & { version?: number; trusted_email?: boolean; trusted_factors?: boolean },
  now: Date,
): Promise<ProviderRow> {
  return db.one<ProviderRow>(sql`
    insert into providers.provider (id, name, preset, issuer, client_id, client_secret_sealed, client_secret_expires_at,
                                    token_endpoint_auth, scopes, tenants, trusts_email, trusts_factors,
                                    email_counts_from, factors_count_from, keys_good_for_ms, created_at, changed_at, version)
    values (${said.id}, ${said.name}, ${said.preset}, ${said.issuer}, ${said.client_id}, ${said.client_secret_sealed},
            ${said.client_secret_expires_at}, ${said.token_endpoint_auth}, ${said.scopes}, ${said.tenants},
            ${said.trusts_email}, ${said.trusts_factors},
            case when ${said.trusts_email} and ${said.trusted_email === false} then ${trustedFrom} end,
            case when ${said.trusts_factors} and ${said.trusted_factors === false} then ${trustedFrom} end,
            ${said.keys_good_for_ms}, ${now}, ${now}, ${said.version ?? 1})
    returning ${columns}`)
}

/** What was found by a test holds for the settings that were tested: `keepsTest` is false when one of those changes. */
export async function updateProvider(
  db: Queries,
  said: ProviderSaid & { keepsTest: boolean },
  now: Date,
): Promise<ProviderRow> {
  return db.one<ProviderRow>(sql`
    update providers.provider
       set name = ${said.name},
           issuer = ${said.issuer},
           client_id = ${said.client_id},
           client_secret_sealed = ${said.client_secret_sealed},
           client_secret_expires_at = ${said.client_secret_expires_at},
           secret_warned_days = case when client_secret_expires_at is not distinct from ${said.client_secret_expires_at}
                                     then secret_warned_days end,
           token_endpoint_auth = ${said.token_endpoint_auth},
           scopes = ${said.scopes},
           tenants = ${said.tenants},
           email_counts_from = case when ${said.trusts_email} and not trusts_email
                                    then ${trustedFrom} else email_counts_from end,
           factors_count_from = case when ${said.trusts_factors} and not trusts_factors
                                     then ${trustedFrom} else factors_count_from end,
           trusts_email = ${said.trusts_email},
           trusts_factors = ${said.trusts_factors},
           keys_good_for_ms = ${said.keys_good_for_ms},
           tested_at = case when ${said.keepsTest}::boolean then tested_at end,
           changed_at = ${now},
           version = version + 1
     where id = ${said.id}
    returning ${columns}`)
}

export async function setEnabled(db: Queries, id: string, isEnabled: boolean, now: Date): Promise<ProviderRow> {
  return db.one<ProviderRow>(sql`
    update providers.provider
       set is_enabled = ${isEnabled},
           changed_at = ${now}
     where id = ${id}
    returning ${columns}`)
}

/** Only if nothing was changed since the test began. */
export async function noteTested(db: Queries, id: string, version: number, at: Date | null): Promise<boolean> {
  const rows = await db.run(sql`
    update providers.provider
       set tested_at = ${at}
     where id = ${id}
       and version = ${version}`)
  return rows === 1
}

export async function deleteProvider(db: Queries, id: string): Promise<boolean> {
  return (await db.run(sql`delete from providers.provider where id = ${id}`)) === 1
}

/** Of these domains, one that belongs to another provider. */
export async function findDomainOfOthers(
  db: Queries,
  domains: readonly string[],
  exceptId: string,
): Promise<{ domain: string; provider_id: string } | undefined> {
  return db.maybe<{ domain: string; provider_id: string }>(sql`
    select domain, provider_id
      from providers.domain
     where domain = any(${domains}::text[])
       and provider_id <> ${exceptId}
     order by domain
     limit 1`)
}

/** What is not among them any more is taken away. */
export async function setDomains(db: Queries, id: string, domains: readonly string[], now: Date): Promise<void> {
  await db.run(sql`
    delete from providers.domain
     where provider_id = ${id}
       and domain <> all(${domains}::text[])`)
  await db.run(sql`
    insert into providers.domain (domain, provider_id, added_at)
    select domain, ${id}, ${now}
      from unnest(${domains}::text[]) as domain
    on conflict (domain) do nothing`)
}

/** Those that run out by then and were not told of at this many days or fewer; they are from now on. */
export async function markSecretsWarned(
  db: Queries,
  { days, until, limit }: { days: number; until: Date; limit: number },
): Promise<{ id: string; client_secret_expires_at: Date }[]> {
  return db.many<{ id: string; client_secret_expires_at: Date }>(sql`
    update providers.provider
       set secret_warned_days = ${days}
     where id in (
       select id
         from providers.provider
        where client_secret_expires_at <= ${until}
          and (secret_warned_days is null or secret_warned_days > ${days})
        order by id
        limit ${limit}
          for update skip locked)
    returning id, client_secret_expires_at`)
}
