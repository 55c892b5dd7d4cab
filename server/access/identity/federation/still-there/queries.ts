import { type Queries, sql } from '../../../../platform/database/index.ts'

export interface Due {
  id: string
  user_id: string
  provider_id: string
  refresh_sealed: string
}

/** Taken, so that of several processes one asks; whoever was asked long ago comes first. */
export async function takeDue(
  db: Queries,
  due: { providerIds: readonly string[]; before: Date; now: Date; limit: number },
): Promise<Due[]> {
  return db.many<Due>(sql`
    update identity.linked_identity
       set asked_again_at = ${due.now}
     where id in (
       select id
         from identity.linked_identity
        where provider_id = any(${due.providerIds})
          and refresh_sealed is not null
          and closed_at is null
          and coalesce(asked_again_at, last_proved_at) <= ${due.before}
        order by coalesce(asked_again_at, last_proved_at)
        limit ${due.limit}
          for update skip locked)
    returning id, user_id, provider_id, refresh_sealed`)
}

/** When whoever was asked longest ago was asked, or came through; null: there is nobody to ask about. */
export async function longestUnasked(db: Queries, providerIds: readonly string[]): Promise<Date | null> {
  const [longest] = await db.many<{ since: Date }>(sql`
    select coalesce(asked_again_at, last_proved_at) as since
      from identity.linked_identity
     where provider_id = any(${providerIds})
       and refresh_sealed is not null
       and closed_at is null
     order by coalesce(asked_again_at, last_proved_at)
     limit 1`)
  return longest?.since ?? null
}

/** Given by another, or to another client: it is shown to nobody. */
export async function dropRefresh(db: Queries, dropped: { id: string; was: string }): Promise<void> {
  await db.run(sql`
    update identity.linked_identity
       set refresh_sealed = null
     where id = ${dropped.id}
       and refresh_sealed = ${dropped.was}`)
}

/** Of how many the provider has said since then that they are gone, as far as that was believed. */
export async function countGone(
  db: Queries,
  { providerId, since }: { providerId: string; since: Date },
): Promise<number> {
  const { gone } = await db.one<{ gone: number }>(sql`
    select count(*)::int as gone
      from identity.linked_identity
     where provider_id = ${providerId}
       and closed_reason = 'invalid_grant'
       and closed_at > ${since}`)
  return gone
}

/** Of how many it can be asked, up to the limit. */
export async function countAskable(
  db: Queries,
  { providerId, limit }: { providerId: string; limit: number },
): Promise<number> {
  const { held } = await db.one<{ held: number }>(sql`
    select count(*)::int as held
      from (select
              from identity.linked_identity
             where provider_id = ${providerId}
               and refresh_sealed is not null
               and closed_at is null
             limit ${limit}) as askable`)
  return held
}

/** `was`: of one that came back meanwhile the newer token stays. */
export async function noteAskedAgain(
  db: Queries,
  asked: { id: string; was: string; refreshSealed: string; askedAt: Date },
): Promise<void> {
  await db.run(sql`
    update identity.linked_identity
       set refresh_sealed = ${asked.refreshSealed}, asked_again_at = ${asked.askedAt}
     where id = ${asked.id}
       and refresh_sealed = ${asked.was}`)
}

/** The provider no longer knows them. `was`: unless they came through it meanwhile. */
export async function closeAsGone(db: Queries, gone: { id: string; was: string }, now: Date): Promise<boolean> {
  const touched = await db.run(sql`
    update identity.linked_identity
       set closed_at = ${now}, closed_reason = 'invalid_grant', closed_by = 'holdfast', refresh_sealed = null
     where id = ${gone.id}
       and refresh_sealed = ${gone.was}
       and closed_at is null`)
  return touched === 1
}
