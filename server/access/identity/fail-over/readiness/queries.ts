import { type Queries, type Statement, sql } from '../../../../platform/database/index.ts'
import type { Passkey } from '../../passkeys/passkey.ts'
import type { Able, Count, WhyNot } from './readiness.ts'

/** Identities a person is linked to that are looked at; of one provider there is hardly ever a second. */
const LINKED_MAX = 10
/** Domains of one portion: not more than its people. */
const DOMAINS_MAX = 5000

/**
 * Some people: named one by one, or all between two ids. Of thousands the second is an index read from one place to another,
 * whatever the planner knows of the table.
 */
export type Portion = { ids: readonly string[] } | { afterId: string; toId: string }

const within = (column: Statement, portion: Portion) =>
  'ids' in portion
    ? sql`${column} = any(${portion.ids}::text[])`
    : sql`${column} > ${portion.afterId} and ${column} <= ${portion.toId}`

/** The next so many identities, in the order of their people; of several of one person the last may be cut off. */
export async function linkedAfter(db: Queries, afterId: string, limit: number): Promise<string[]> {
  const rows = await db.many<{ user_id: string }>(sql`
    select user_id
      from identity.linked_identity
     where user_id > ${afterId}
     order by user_id
     limit ${limit}`)
  return rows.map(({ user_id }) => user_id)
}

export interface LinkedRow {
  user_id: string
  email: string
  email_since: Date
  email_proved_at: Date | null
  email_asserted_by: string | null
  email_asserted_at: Date | null
  provider_id: string
  last_proved_at: Date
  closed_at: Date | null
}

/** Those of them who are active, once for each identity. */
export async function activeAmong(
  db: Queries,
  { portion, since, limit }: { portion: Portion; since: Date; limit: number },
): Promise<LinkedRow[]> {
  return db.many<LinkedRow>(sql`
    select person.id as user_id, person.email, coalesce(person.email_since, person.created_at) as email_since,
           person.email_proved_at, person.email_asserted_by, person.email_asserted_at,
           linked.provider_id, linked.last_proved_at, linked.closed_at
      from identity.user person
      join identity.linked_identity linked on linked.user_id = person.id
     where ${within(sql`person.id`, portion)}
       and ${within(sql`linked.user_id`, portion)}
       and person.last_sign_in_at >= ${since}
       and person.blocked_at is null
       and person.deletes_at is null
     order by person.id, linked.last_proved_at desc
     limit ${limit * LINKED_MAX}`)
}

/** Each that works here. */
export async function passkeysAmong(
  db: Queries,
  { portion, rpId, limit }: { portion: Portion; rpId: string; limit: number },
): Promise<
  Pick<Passkey, 'user_id' | 'created_at' | 'enrolled_by_provider' | 'root_acr' | 'root_provider' | 'root_at'>[]
> {
  return db.many(sql`
    select user_id, created_at, enrolled_by_provider, root_acr, root_provider, root_at
      from identity.passkey
     where ${within(sql`user_id`, portion)}
       and rp_id = ${rpId}
       and unconfirmed_since is null
       and copied_at is null
     limit ${limit}`)
}

export async function mailHostsAmong(
  db: Queries,
  domains: readonly string[],
): Promise<{ domain: string; hosts: string[] | null }[]> {
  return db.many(sql`
    select domain, hosts
      from identity.mail_host
     where domain = any(${domains}::text[])
     limit ${DOMAINS_MAX}`)
}

/** Has them looked up, and kept for as long as somebody has an address there. */
export async function wantMailHosts(
  db: Queries,
  domains: readonly string[],
  { now, again }: { now: Date; again: Date },
): Promise<void> {
  await db.run(sql`
    insert into identity.mail_host (domain, wanted_at)
    select asked.domain, ${now}::timestamptz
      from unnest(${domains}::text[]) as asked (domain)
     where not exists (select from identity.mail_host where domain = asked.domain and wanted_at >= ${again})
     order by asked.domain
        on conflict (domain) do update set wanted_at = excluded.wanted_at`)
}

/** Those never tried come first; of the others whoever answered waits longer than who did not. */
export async function mailHostsDue(
  db: Queries,
  asked: { answeredBefore: Date; triedBefore: Date; limit: number },
): Promise<string[]> {
  const rows = await db.many<{ domain: string }>(sql`
    select domain
      from identity.mail_host
     where tried_at is null
        or (tried_at < ${asked.triedBefore}
            and (tried_at < ${asked.answeredBefore} or looked_up_at is distinct from tried_at))
     order by tried_at nulls first
     limit ${asked.limit}`)
  return rows.map(({ domain }) => domain)
}

/** `hosts` null: nobody answered, and what was known before stays. */
export async function keepMailHosts(
  db: Queries,
  found: readonly { domain: string; hosts: readonly string[] | null }[],
  now: Date,
): Promise<void> {
  await db.run(sql`
    update identity.mail_host as host
       set tried_at = ${now},
           looked_up_at = case when answer.hosts is null then host.looked_up_at else ${now}::timestamptz end,
           hosts = case when answer.hosts is null then host.hosts
                        else array(select jsonb_array_elements_text(answer.hosts::jsonb)) end
      from unnest(${found.map(({ domain }) => domain)}::text[],
                  ${found.map(({ hosts }) => (hosts === null ? null : JSON.stringify(hosts)))}::text[]) as answer (domain, hosts)
     where host.domain = answer.domain`)
}

export async function forgetMailHosts(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.mail_host
     where domain in (
       select domain
         from identity.mail_host
        where wanted_at < ${before}
        order by wanted_at
        limit ${limit})`)
}

export interface PersonRow {
  provider_id: string
  organization_id: string
  user_id: string
  able: Exclude<Able, 'passkey'>
  why: WhyNot
}

/** What was found of everybody between two ids the last time. */
export async function keptPeople(
  db: Queries,
  { afterId, toId }: { afterId: string; toId: string },
  limit: number,
): Promise<PersonRow[]> {
  return db.many<PersonRow>(sql`
    select provider_id, organization_id, user_id, able, why
      from identity.readiness_person
     where user_id > ${afterId}
       and user_id <= ${toId}
     limit ${limit}`)
}

type PersonKey = Pick<PersonRow, 'provider_id' | 'organization_id' | 'user_id'>
const keysOf = (rows: readonly PersonKey[]) => sql`
           ${rows.map((row) => row.provider_id)}::text[], ${rows.map((row) => row.organization_id)}::text[],
           ${rows.map((row) => row.user_id)}::text[]`

export async function forgetPeople(db: Queries, gone: readonly PersonKey[]): Promise<void> {
  await db.run(sql`
    delete from identity.readiness_person as person
     using unnest(${keysOf(gone)}) as gone (provider_id, organization_id, user_id)
     where person.provider_id = gone.provider_id
       and person.organization_id = gone.organization_id
       and person.user_id = gone.user_id`)
}

/** Whoever was deleted meanwhile is left out: the row of each is held until this is committed. */
export async function keepPeople(db: Queries, rows: readonly PersonRow[]): Promise<void> {
  await db.run(sql`
    insert into identity.readiness_person (provider_id, organization_id, user_id, able, why)
    select found.provider_id, found.organization_id, found.user_id, found.able, found.why
      from unnest(${keysOf(rows)}, ${rows.map((row) => row.able)}::text[], ${rows.map((row) => row.why)}::text[])
           as found (provider_id, organization_id, user_id, able, why)
      join identity.user person on person.id = found.user_id
       for key share of person
        on conflict (provider_id, organization_id, user_id) do update
       set able = excluded.able, why = excluded.why`)
}

export async function forgetPeopleAfter(db: Queries, afterId: string, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.readiness_person
     where (provider_id, organization_id, user_id) in (
       select provider_id, organization_id, user_id
         from identity.readiness_person
        where user_id > ${afterId}
        limit ${limit})`)
}

export interface CountRow extends Count {
  provider_id: string
  organization_id: string
  /** Of everybody: when the last count began. Of an organisation: when one last found something else than the one before. */
  counted_at: Date
}

export async function keepCounts(
  db: Queries,
  counts: readonly Omit<CountRow, 'counted_at'>[],
  at: Date,
): Promise<void> {
  const of = <T>(take: (count: Omit<CountRow, 'counted_at'>) => T) => counts.map(take)
  await db.run(sql`
    insert into identity.readiness (provider_id, organization_id, active, passkey, provider, email, unknown, no, whys, counted_at)
    select provider_id, organization_id, active, passkey, provider, email, unknown, no, whys::jsonb, ${at}::timestamptz
      from unnest(${of((each) => each.provider_id)}::text[], ${of((each) => each.organization_id)}::text[],
                  ${of((each) => each.active)}::int[], ${of((each) => each.passkey)}::int[],
                  ${of((each) => each.provider)}::int[], ${of((each) => each.email)}::int[],
                  ${of((each) => each.unknown)}::int[], ${of((each) => each.no)}::int[],
                  ${of((each) => JSON.stringify(each.whys))}::text[])
           as found (provider_id, organization_id, active, passkey, provider, email, unknown, no, whys)
        on conflict (provider_id, organization_id) do update
       set active = excluded.active, passkey = excluded.passkey, provider = excluded.provider, email = excluded.email,
           unknown = excluded.unknown, no = excluded.no, whys = excluded.whys, counted_at = excluded.counted_at`)
}

type CountKey = Pick<CountRow, 'provider_id' | 'organization_id'>

/** What was counted the last time, in the order of its keys. */
export async function keptCounts(db: Queries, after: CountKey, limit: number): Promise<CountRow[]> {
  return db.many<CountRow>(sql`
    select ${countColumns}
      from identity.readiness
     where (provider_id, organization_id) > (${after.provider_id}, ${after.organization_id})
     order by provider_id, organization_id
     limit ${limit}`)
}

/** Of organisations in which nobody was found this time. */
export async function forgetCounts(db: Queries, gone: readonly CountKey[]): Promise<void> {
  await db.run(sql`
    delete from identity.readiness as counted
     using unnest(${gone.map((row) => row.provider_id)}::text[],
                  ${gone.map((row) => row.organization_id)}::text[]) as gone (provider_id, organization_id)
     where counted.provider_id = gone.provider_id
       and counted.organization_id = gone.organization_id`)
}

const countColumns = sql`provider_id, organization_id, active, passkey, provider, email, unknown, no, whys, counted_at`

/** Of everybody, one row a provider. */
export async function countsOf(db: Queries, providerIds: readonly string[]): Promise<CountRow[]> {
  return db.many<CountRow>(sql`
    select ${countColumns}
      from identity.readiness
     where provider_id = any(${providerIds}::text[])
       and organization_id = ''
     limit ${providerIds.length}`)
}

export async function countOf(db: Queries, providerId: string, organizationId: string): Promise<CountRow | undefined> {
  return db.maybe<CountRow>(sql`
    select ${countColumns}
      from identity.readiness
     where provider_id = ${providerId}
       and organization_id = ${organizationId}`)
}

/** Where most could not sign in comes first. */
export async function worstOrganizations(
  db: Queries,
  asked: { providerId: string; after: { no: number; organizationId: string } | undefined; limit: number },
): Promise<CountRow[]> {
  const { providerId, after, limit } = asked
  const from =
    after === undefined
      ? sql``
      : sql`and no <= ${after.no} and (no < ${after.no} or organization_id > ${after.organizationId})`
  return db.many<CountRow>(sql`
    select ${countColumns}
      from identity.readiness
     where provider_id = ${providerId}
       and organization_id <> '' ${from}
     order by no desc, organization_id
     limit ${limit}`)
}

export interface ListedPerson extends Pick<PersonRow, 'user_id' | 'able' | 'why'> {
  email: string
  name: string | null
  last_sign_in_at: Date | null
}

export async function listPeople(
  db: Queries,
  asked: {
    providerId: string
    organizationId: string
    able: PersonRow['able'] | undefined
    why: WhyNot | undefined
    afterId: string
    limit: number
  },
): Promise<ListedPerson[]> {
  const { able, why } = asked
  return db.many<ListedPerson>(sql`
    select found.user_id, found.able, found.why, person.email, person.name, person.last_sign_in_at
      from (select user_id, able, why
              from identity.readiness_person
             where provider_id = ${asked.providerId}
               and organization_id = ${asked.organizationId}
               and user_id > ${asked.afterId}
               ${able === undefined ? sql`` : sql`and able = ${able}`}
               ${why === undefined ? sql`` : sql`and why = ${why}`}
             order by user_id
             limit ${asked.limit}) as found
      join identity.user person on person.id = found.user_id
     order by found.user_id
     limit ${asked.limit}`)
}
