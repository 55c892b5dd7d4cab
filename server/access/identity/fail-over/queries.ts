import { prepared, type Queries, sql } from '../../../platform/database/index.ts'
import { idAt } from '../../../platform/id.ts'
import type { Link } from './may-enter.ts'
import type { SignInPolicy } from './policy.ts'

/** Whether any organisation has one at all; where none has, a sign-in asks nothing more. */
export const anyPolicy = sql`exists (select from identity.sign_in_policy)`

export async function hasPolicies(db: Queries): Promise<boolean> {
  const { has } = await db.one<{ has: boolean }>(prepared(sql`select ${anyPolicy} as has`))
  return has
}

export interface KeptPolicy {
  organization_id: string
  policy: SignInPolicy
  epoch: number
  changed_at: Date
  changed_by: string
  /** Since when it has demanded more than a mailbox, whatever that was. */
  demanded_since: Date
  /** What it demanded before a second factor, and until when; null: no provider. */
  demanded_provider: string | null
  demanded_provider_until: Date | null
}

export async function policiesOf(db: Queries, organizationIds: readonly string[]): Promise<KeptPolicy[]> {
  return db.many<KeptPolicy>(
    prepared(sql`
    select organization_id, policy, epoch::float8 as epoch, changed_at, changed_by, demanded_since,
           demanded_provider, demanded_provider_until
      from identity.sign_in_policy
     where organization_id = any(${organizationIds})
     limit ${organizationIds.length}`),
  )
}

/** A person has one at each of a few providers; a program that made more of them is judged by the newest. */
const LINKS_MAX = 50

export async function linksOf(db: Queries, userId: string): Promise<Link[]> {
  return db.many<Link>(sql`
    select provider_id, last_proved_at, closed_at
      from identity.linked_identity
     where user_id = ${userId}
     order by closed_at is null, last_proved_at desc
     limit ${LINKS_MAX}`)
}

/** As `linksOf`, held until the transaction ends: whoever closes one waits, and then finds what was begun by it. */
export async function holdLinks(db: Queries, userId: string): Promise<Link[]> {
  return db.many<Link>(sql`
    select provider_id, last_proved_at, closed_at
      from identity.linked_identity
     where user_id = ${userId}
     order by id
     limit ${LINKS_MAX}
       for share`)
}

export interface AddressProof {
  since: Date
  proved_at: Date | null
  asserted_by: string | null
  asserted_at: Date | null
}

export async function addressOf(db: Queries, userId: string): Promise<AddressProof | undefined> {
  return db.maybe<AddressProof>(sql`
    select coalesce(email_since, created_at) as since, email_proved_at as proved_at, email_asserted_by as asserted_by,
           email_asserted_at as asserted_at
      from identity.user
     where id = ${userId}`)
}

export interface FailOverSignIn {
  id: string
  user_id: string
  organization_id: string | null
  provider_id: string
  /** Of the verdict that opened it. */
  epoch: number
  method: 'passkey' | 'code' | 'link'
  session_id: string
  at: Date
  due_at: Date | null
  proved_at: Date | null
}

export async function insertSignIn(db: Queries, made: Omit<FailOverSignIn, 'due_at' | 'proved_at'>): Promise<void> {
  await db.run(sql`
    insert into identity.fail_over_sign_in (id, user_id, organization_id, provider_id, epoch, method, session_id, at)
    values (${made.id}, ${made.user_id}, ${made.organization_id}, ${made.provider_id}, ${made.epoch}, ${made.method},
            ${made.session_id}, ${made.at})`)
}

export async function countRefusal(db: Queries, refused: { hour: Date; organizationId: string; reason: string }) {
  await db.run(sql`
    insert into identity.fail_over_refusal (hour, organization_id, reason, count)
    values (${refused.hour}, ${refused.organizationId}, ${refused.reason}, 1)
    on conflict (hour, organization_id, reason) do update set count = fail_over_refusal.count + 1`)
}

export async function listRefusals(
  db: Queries,
  filter: { organizationId?: string | undefined; since: Date; limit: number },
): Promise<{ hour: Date; organization_id: string; reason: string; count: number }[]> {
  const { organizationId } = filter
  return db.many(sql`
    select hour, organization_id, reason, count
      from identity.fail_over_refusal
     where hour >= ${filter.since}
       ${organizationId === undefined ? sql`` : sql`and organization_id = ${organizationId}`}
     order by hour desc, organization_id, reason
     limit ${filter.limit}`)
}

/** The full round-trip: what was provisional is confirmed. */
export async function noteProved(db: Queries, sessionId: string, now: Date): Promise<void> {
  await db.run(sql`
    update identity.fail_over_sign_in
       set proved_at = ${now}
     where session_id = ${sessionId}
       and proved_at is null`)
}

export async function noteDue(db: Queries, providerId: string, dueAt: Date | null): Promise<void> {
  await db.run(sql`
    update identity.fail_over_sign_in
       set due_at = ${dueAt}
     where provider_id = ${providerId}
       and proved_at is null
       and (due_at is null or ${dueAt}::timestamptz is null)`)
}

/** Somebody was let in there and nobody was told, nor of anybody else since `before`. */
export async function organizationsToTell(db: Queries, before: Date, limit: number): Promise<string[]> {
  const rows = await db.many<{ organization_id: string }>(sql`
    select distinct untold.organization_id
      from identity.fail_over_sign_in untold
     where untold.told_at is null
       and untold.organization_id is not null
       and not exists (select from identity.fail_over_sign_in told
                        where told.organization_id = untold.organization_id
                          and told.told_at > ${before})
     limit ${limit}`)
  return rows.map(({ organization_id }) => organization_id)
}

const signInColumns = sql`id, user_id, organization_id, provider_id, epoch::float8 as epoch, method, session_id, at, due_at, proved_at`

/** Marked as told; what another process has in hand is its to tell. Oldest first. */
export async function takeUntold(
  db: Queries,
  organizationId: string,
  now: Date,
  limit: number,
): Promise<FailOverSignIn[]> {
  const rows = await db.many<FailOverSignIn>(sql`
    update identity.fail_over_sign_in
       set told_at = ${now}
     where id in (
       select id
         from identity.fail_over_sign_in
        where organization_id = ${organizationId}
          and told_at is null
        order by id
        limit ${limit}
          for update skip locked)
    returning ${signInColumns}`)
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1))
}

export interface Reader {
  id: string
  email: string
  locale: string | null
  time_zone: string | null
}

/** Where and how somebody reads mail of ours. */
export async function readersOf(db: Queries, ids: readonly string[]): Promise<Reader[]> {
  return db.many<Reader>(sql`
    select id, email, locale, time_zone
      from identity.user
     where id = any(${ids})
     limit ${ids.length}`)
}

export interface SignInFilter {
  providerId?: string | undefined
  organizationId?: string | undefined
  userId?: string | undefined
  beforeId?: string | undefined
  limit: number
}

/** Newest first, with whose it is. */
export async function listSignIns(
  db: Queries,
  filter: SignInFilter,
): Promise<(FailOverSignIn & { email: string; name: string | null })[]> {
  const { providerId, organizationId, userId, beforeId } = filter
  return db.many(sql`
    select entered.id, entered.user_id, entered.organization_id, entered.provider_id,
           entered.epoch::float8 as epoch, entered.method, entered.session_id, entered.at, entered.due_at,
           entered.proved_at, person.email, person.name
      from identity.fail_over_sign_in entered
      join identity.user person on person.id = entered.user_id
     where true
       ${providerId === undefined ? sql`` : sql`and entered.provider_id = ${providerId}`}
       ${organizationId === undefined ? sql`` : sql`and entered.organization_id = ${organizationId}`}
       ${userId === undefined ? sql`` : sql`and entered.user_id = ${userId}`}
       ${beforeId === undefined ? sql`` : sql`and entered.id < ${beforeId}`}
     order by entered.id desc
     limit ${filter.limit}`)
}

/** From one demand to another nothing was undemanded: what a mailbox made under the first is worth no more under the second. */
export async function putPolicy(
  db: Queries,
  put: { organizationId: string; policy: SignInPolicy; epoch: number; by: string },
  now: Date,
): Promise<void> {
  await db.run(sql`
    insert into identity.sign_in_policy as kept (organization_id, policy, epoch, changed_at, changed_by, demanded_since)
    values (${put.organizationId}, ${JSON.stringify(put.policy)}, ${put.epoch}, ${now}, ${put.by}, ${now})
    on conflict (organization_id) do update
       set policy = excluded.policy, epoch = excluded.epoch, changed_at = excluded.changed_at,
           changed_by = excluded.changed_by,
           demanded_since = case when kept.policy->>'demands' = excluded.policy->>'demands' then kept.demanded_since
                                 when 'nothing' in (kept.policy->>'demands', excluded.policy->>'demands')
                                 then excluded.demanded_since
                                 else kept.demanded_since end,
           demanded_provider = case when kept.policy->>'demands' = excluded.policy->>'demands' then kept.demanded_provider
                                    when kept.policy->>'demands' = 'provider'
                                     and excluded.policy->>'demands' = 'second-factor'
                                    then kept.policy->>'provider_id' end,
           demanded_provider_until = case when kept.policy->>'demands' = excluded.policy->>'demands'
                                          then kept.demanded_provider_until
                                          when kept.policy->>'demands' = 'provider'
                                           and excluded.policy->>'demands' = 'second-factor'
                                          then excluded.changed_at end`)
}

export interface WaitingChange {
  id: string
  organization_id: string
  policy: SignInPolicy
  asked_at: Date
  asked_by: string
  reason: string | null
  takes_effect_at: Date
}

const changeColumns = sql`id, organization_id, policy, asked_at, asked_by, reason, takes_effect_at`

export async function findWaiting(db: Queries, organizationId: string): Promise<WaitingChange | undefined> {
  return db.maybe<WaitingChange>(sql`
    select ${changeColumns}
      from identity.sign_in_policy_change
     where organization_id = ${organizationId}
       and settled_at is null
     limit 1`)
}

export async function insertChange(
  db: Queries,
  change: {
    id: string
    organizationId: string
    policy: SignInPolicy
    reason: string | null
    by: string
    takesEffectAt: Date
  },
  now: Date,
): Promise<void> {
  await db.run(sql`
    insert into identity.sign_in_policy_change
           (id, organization_id, policy, asked_at, asked_by, reason, takes_effect_at)
    values (${change.id}, ${change.organizationId}, ${JSON.stringify(change.policy)}, ${now}, ${change.by},
            ${change.reason}, ${change.takesEffectAt})`)
}

/** The one that waits is over; undefined: none did. */
export async function settleWaiting(
  db: Queries,
  settled: { organizationId: string; as: 'applied' | 'withdrawn' | 'replaced' },
  now: Date,
): Promise<WaitingChange | undefined> {
  return db.maybe<WaitingChange>(sql`
    update identity.sign_in_policy_change
       set settled_at = ${now}, settled_as = ${settled.as}
     where organization_id = ${settled.organizationId}
       and settled_at is null
    returning ${changeColumns}`)
}

/** Longest due first. */
export async function dueChanges(
  db: Queries,
  now: Date,
  limit: number,
): Promise<Pick<WaitingChange, 'id' | 'organization_id'>[]> {
  return db.many(sql`
    select id, organization_id
      from identity.sign_in_policy_change
     where settled_at is null
       and takes_effect_at <= ${now}
     order by takes_effect_at
     limit ${limit}`)
}

export async function deleteOldSignIns(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.fail_over_sign_in
     where id in (
       select id
         from identity.fail_over_sign_in
        where id < ${idAt('fos', before)}
        order by id
        limit ${limit}
          for update skip locked)`)
}

export async function deleteOldRefusals(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.fail_over_refusal
     where (hour, organization_id, reason) in (
       select hour, organization_id, reason
         from identity.fail_over_refusal
        where hour < ${before}
        order by hour
        limit ${limit})`)
}
