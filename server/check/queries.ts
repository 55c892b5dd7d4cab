import { type Queries, sql } from '../platform/database/index.ts'

export interface RoleRow {
  version: number
  is_superuser: boolean
  /** Tables of ours that this role owns, or whose owner it may become. */
  owned: number
  may_create: boolean
  is_encrypted: boolean
  /** Seconds that PostgreSQL's clock is ahead of `now`. */
  skew_s: number
}

/** What the role that access works as may do. `schemas` are those of Holdfast. */
export async function describeRole(db: Queries, schemas: readonly string[], now: Date): Promise<RoleRow> {
  return db.one<RoleRow>(sql`
    select current_setting('server_version_num')::int / 10000 as version,
           (select rolsuper from pg_catalog.pg_roles where rolname = current_user) as is_superuser,
           (select count(*)::int
              from pg_catalog.pg_tables
             where schemaname = any(${schemas})
               and pg_has_role(current_user, tableowner, 'member')) as owned,
           has_database_privilege(current_database(), 'create') as may_create,
           coalesce((select ssl from pg_catalog.pg_stat_ssl where pid = pg_backend_pid()), false) as is_encrypted,
           extract(epoch from clock_timestamp() - ${now}::timestamptz)::float8 as skew_s`)
}

/** More than an installation has. */
const PROVIDERS_MAX = 200

export interface ProviderRow {
  id: string
  name: string
  has_secret: boolean
  client_secret_expires_at: Date | null
  tested_at: Date | null
  /** For how long keys are believed after they were last fetched. */
  keys_good_for_ms: number
  discovery_changed_at: Date | null
  discovery_fetched_at: Date | null
  keys_fetched_at: Date | null
  state: string | null
  open_since: Date | null
  ordered: string | null
  ordered_until: Date | null
}

/** Of those who were active and came through a provider. */
export interface ReadinessRow {
  provider_id: string
  active: number
  ready: number
  counted_at: Date
}

/** Those that people are sent to, with what a sign-in through each of them stands on. */
export async function describeProviders(db: Queries): Promise<ProviderRow[]> {
  return db.many<ProviderRow>(sql`
    select provider.id, provider.name, provider.client_secret_sealed is not null as has_secret,
           provider.client_secret_expires_at, provider.tested_at,
           provider.keys_good_for_ms::float8 as keys_good_for_ms,
           discovery.changed_at as discovery_changed_at, discovery.fetched_at as discovery_fetched_at,
           keys.fetched_at as keys_fetched_at,
           verdict.state, verdict.open_since, verdict.ordered, verdict.ordered_until
      from providers.provider
      left join providers.document discovery on discovery.provider_id = provider.id and discovery.kind = 'discovery'
      left join providers.document keys on keys.provider_id = provider.id and keys.kind = 'keys'
      left join providers.verdict on verdict.provider_id = provider.id
     where provider.is_enabled
     order by provider.name, provider.id
     limit ${PROVIDERS_MAX}`)
}

/** Whoever was asked about longest ago, of those about whom a provider can be asked. */
export async function describeLongestUnasked(
  db: Queries,
  providerIds: readonly string[],
): Promise<{ provider_id: string; since: Date }[]> {
  return db.many(sql`
    select asked.provider_id, longest.since
      from unnest(${providerIds}::text[]) as asked (provider_id)
     cross join lateral (
           select coalesce(linked_identity.asked_again_at, linked_identity.last_proved_at) as since
             from identity.linked_identity
            where linked_identity.provider_id = asked.provider_id
              and linked_identity.refresh_sealed is not null
              and linked_identity.closed_at is null
            order by coalesce(linked_identity.asked_again_at, linked_identity.last_proved_at)
            limit 1) as longest
     limit ${PROVIDERS_MAX}`)
}

/** In all organisations together; nothing of a provider whose people were not counted yet. */
export async function describeReadiness(db: Queries, providerIds: readonly string[]): Promise<ReadinessRow[]> {
  return db.many<ReadinessRow>(sql`
    select provider_id, active, passkey + provider + email as ready, counted_at
      from identity.readiness
     where provider_id = any(${providerIds})
       and organization_id = ''
     limit ${PROVIDERS_MAX}`)
}
