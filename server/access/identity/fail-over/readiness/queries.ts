import { type Queries, sql } from '../../../../platform/database/index.ts'
import type { Able, Count, WhyNot } from './readiness.ts'

/** Identities a person is linked to that are looked at; of one provider there is hardly ever a second. */
const LINKED_MAX = 10
/** Domains of one portion: not more than its people. */
const DOMAINS_MAX = 5000

/** The next so many who are linked to any provider, in the order of their ids. */
export async function linkedAfter(db: Queries, afterId: string, limit: number): Promise<string[]> {
  const rows = await db.many<{ user_id: string }>(sql`
    select distinct user_id
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
  { ids, since }: { ids: readonly string[]; since: Date },
): Promise<LinkedRow[]> {
  return db.many<LinkedRow>(sql`
    select person.id as user_id, person.email, coalesce(person.email_since, person.created_at) as email_since, person.email_proved_at, person.email_asserted_by, person.email_asserted_at,
           linked.provider_id, linked.last_proved_at, linked.closed_at
      from identity.user person
      join identity.linked_identity linked on linked.user_id = person.id
     where person.id = any(${ids}::text[])
       and person.last_sign_in_at >= ${since}
       and person.blocked_at is null
       and person.deletes_at is null
     order by person.id, linked.last_proved_at desc
     limit ${ids.length * LINKED_MAX}`)
}

/** For each passkey that works here, through which provider it was enrolled. */
export async function passkeysAmong(
  db: Queries,
  { ids, rpId, max }: { ids: readonly string[]; rpId: string; max: number },
): Promise<{ user_id: string; enrolled_by_provider: string | null }[]> {
  return db.many(sql`
    select user_id, enrolled_by_provider
      from identity.passkey
     where user_id = any(${ids}::text[])
       and rp_id = ${rpId}
       and unconfirmed_since is null
     group by user_id, enrolled_by_provider
     limit ${ids.length * max}`)
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
    insert into identity.mail_host as host (domain, wanted_at)
    select domain, ${now}::timestamptz
      from unnest(${domains}::text[]) as domain
     order by domain
        on conflict (domain) do update set wanted_at = excluded.wanted_at
     where host.wanted_at < ${again}`)
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

/** What was found of everybody between two ids takes the place of what was; a row that says the same is not written. */
export async function keepPeople(
  db: Queries,
  { afterId, toId, rows }: { afterId: string; toId: string | null; rows: readonly PersonRow[] },
): Promise<void> {
  const of = <T>(take: (row: PersonRow) => T) => rows.map(take)
  const found = sql`unnest(${of((row) => row.provider_id)}::text[], ${of((row) => row.organization_id)}::text[],
                  ${of((row) => row.user_id)}::text[], ${of((row) => row.able)}::text[], ${of((row) => row.why)}::text[])
           as found (provider_id, organization_id, user_id, able, why)`
  const upTo = toId === null ? sql`` : sql`and user_id <= ${toId}`
  await db.run(sql`
    delete from identity.readiness_person as person
     where user_id > ${afterId} ${upTo}
       and not exists (
         select from ${found}
          where found.user_id = person.user_id
            and found.provider_id = person.provider_id
            and found.organization_id = person.organization_id)`)
  await db.run(sql`
    insert into identity.readiness_person as person (provider_id, organization_id, user_id, able, why)
    select provider_id, organization_id, user_id, able, why
      from ${found}
     where exists (select from identity.user where id = found.user_id)
        on conflict (provider_id, organization_id, user_id) do update
       set able = excluded.able, why = excluded.why
     where (person.able, person.why) is distinct from (excluded.able, excluded.why)`)
}

export interface CountRow extends Count {
  provider_id: string
  organization_id: string
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

/** Of organisations in which nobody was found this time. */
export async function forgetCounts(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.readiness
     where (provider_id, organization_id) in (
       select provider_id, organization_id
         from identity.readiness
        where counted_at < ${before}
        limit ${limit})`)
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
