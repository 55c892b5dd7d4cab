import { BY_ITSELF } from '../../../ground/audit/index.ts'
import { type Queries, type Statement, sql } from '../../../platform/database/index.ts'
import type { EvidenceKind, EvidenceOutcome } from '../evidence.ts'
import type { Condition, ProviderState, Verdict, Why } from '../verdict.ts'
import type { Other, VerdictRow } from './judge.ts'
import type { Evidence } from './rounds.ts'

export interface EvidenceToKeep {
  provider_id: string
  round: string | null
  kind: EvidenceKind
  outcome: EvidenceOutcome
  fault: string | null
  detail: string | null
  took_ms: number
  is_control_good: boolean | null
  /** How long ago the look began. */
  age_ms: number
}

/**
 * By the database's clock: `clock_timestamp()` is what it is at this moment, `statement_timestamp()` is as good in a
 * condition, and an index can serve it. What is told of a provider that was deleted meanwhile is dropped.
 */
export async function insertEvidence(db: Queries, processId: string, rows: readonly EvidenceToKeep[]): Promise<void> {
  const column = <Name extends keyof EvidenceToKeep>(name: Name) => rows.map((row) => row[name])
  await db.run(sql`
    insert into providers.evidence
           (provider_id, process_id, seen_at, round, kind, outcome, fault, detail, took_ms, is_control_good)
    select told.provider_id, ${processId}, clock_timestamp() - told.age_ms * interval '1 millisecond', told.round,
           told.kind, told.outcome, told.fault, told.detail, told.took_ms, told.is_control_good
      from unnest(${column('provider_id')}::text[], ${column('age_ms')}::int[], ${column('round')}::text[],
                  ${column('kind')}::text[], ${column('outcome')}::text[], ${column('fault')}::text[],
                  ${column('detail')}::text[], ${column('took_ms')}::int[], ${column('is_control_good')}::boolean[])
           with ordinality
           as told (provider_id, age_ms, round, kind, outcome, fault, detail, took_ms, is_control_good, place)
      join providers.provider on provider.id = told.provider_id
     order by told.place`)
}

/** Says that this process watches; that it was cut off is forgotten when nothing has spoken for it for so long. */
export async function beat(db: Queries, processId: string, cutOffForMs: number): Promise<void> {
  await db.run(sql`
    insert into providers.watcher as watcher (process_id, seen_at)
    values (${processId}, clock_timestamp())
    on conflict (process_id) do update
       set seen_at = excluded.seen_at,
           cut_off_at = case
             when watcher.cut_off_at > statement_timestamp() - ${cutOffForMs}::int * interval '1 millisecond'
             then watcher.cut_off_at
           end`)
}

/** True when that is news. Locked first, for two of its looks may find it at once. */
export async function noteCutOff(db: Queries, processId: string): Promise<boolean> {
  const noted = await db.maybe<{ was: Date | null }>(sql`
    update providers.watcher
       set cut_off_at = clock_timestamp()
      from (select process_id, cut_off_at as was
              from providers.watcher
             where process_id = ${processId}
               for update) as before
     where watcher.process_id = before.process_id
    returning before.was`)
  return noted !== undefined && noted.was === null
}

export async function leave(db: Queries, processId: string): Promise<void> {
  await db.run(sql`delete from providers.watcher where process_id = ${processId}`)
}

export async function liveProcesses(db: Queries, withinMs: number, limit: number): Promise<string[]> {
  const rows = await db.many<{ process_id: string }>(sql`
    select process_id
      from providers.watcher
     where seen_at > statement_timestamp() - ${withinMs}::int * interval '1 millisecond'
     order by process_id
     limit ${limit}`)
  return rows.map((row) => row.process_id)
}

export interface CutOff {
  process_id: string
  cut_off_at: Date
}

/** Of those that live: whose own way out was found broken lately. */
export async function cutOffProcesses(db: Queries, withinMs: number, limit: number): Promise<CutOff[]> {
  return db.many<CutOff>(sql`
    select process_id, cut_off_at
      from providers.watcher
     where seen_at > statement_timestamp() - ${withinMs}::int * interval '1 millisecond'
       and cut_off_at is not null
     order by process_id
     limit ${limit}`)
}

const VERDICT = sql`provider_id, epoch::float8 as epoch, state, since, open_since, closed_at, decided_at, decided_by, why,
           ordered, ordered_reason, ordered_by, ordered_at, ordered_until, recover_ms`

export async function findVerdict(db: Queries, providerId: string): Promise<VerdictRow | undefined> {
  return db.maybe<VerdictRow>(sql`
    select ${VERDICT}
      from providers.verdict
     where provider_id = ${providerId}`)
}

/** What a sign-in goes by: a provider that is not offered is not stood in for either. */
export async function verdictInForce(db: Queries, providerId: string): Promise<VerdictRow | undefined> {
  return db.maybe<VerdictRow>(sql`
    select ${VERDICT}
      from providers.verdict
     where provider_id = ${providerId}
       and exists (select from providers.provider where id = ${providerId} and is_enabled)`)
}

/** One that nobody has looked at lately is not well: nobody knows. */
export async function conditionOf(db: Queries, providerId: string, seenWithinMs: number): Promise<Condition> {
  const found = await db.maybe<{ is_enabled: boolean; is_well: boolean | null }>(sql`
    select provider.is_enabled,
           verdict.state = 'healthy'
             and verdict.open_since is null
             and (verdict.ordered is distinct from 'open' or verdict.ordered_until <= clock_timestamp())
             and exists (select from providers.evidence
                          where provider_id = ${providerId}
                            and kind <> 'exchange'
                            and outcome = 'good'
                            and seen_at > statement_timestamp() - ${seenWithinMs}::int * interval '1 millisecond') as is_well
      from providers.provider
      left join providers.verdict on verdict.provider_id = provider.id
     where provider.id = ${providerId}`)
  if (!found?.is_enabled) return 'withdrawn'
  return found.is_well ? 'well' : 'troubled'
}

export async function lockVerdict(db: Queries, providerId: string): Promise<VerdictRow | undefined> {
  return db.maybe<VerdictRow>(sql`
    select ${VERDICT}
      from providers.verdict
     where provider_id = ${providerId}
       for update`)
}

/** What was held of these is forgotten, an order is not: nobody is sent another way by it until it was looked at. */
const forgetting = (which: Statement, why: Why) => sql`
    with forgotten as (
      update providers.verdict
         set epoch = epoch + 1, state = 'suspect', since = clock_timestamp(), open_since = null, closed_at = null,
             recover_ms = default, decided_at = clock_timestamp(), decided_by = ${BY_ITSELF.id},
             why = ${JSON.stringify(why)}::jsonb
       where ${which}
      returning provider_id, epoch, state, decided_at, decided_by, why, ordered, ordered_until
    )
    insert into providers.verdict_change (provider_id, epoch, at, state, is_open, by, why)
    select provider_id, epoch, decided_at, state, ordered is not distinct from 'open' and ordered_until > decided_at,
           decided_by, why
      from forgotten
    returning provider_id, epoch::float8 as epoch`

const isUnseen = (staleMs: number) => sql`not exists (select from providers.evidence
                          where evidence.provider_id = verdict.provider_id
                            and seen_at > statement_timestamp() - ${staleMs}::int * interval '1 millisecond')`

/** Of one that nobody has looked at for so long. Nothing may be made to rest on it either, until it was looked at. */
export async function forgetStale(db: Queries, providerId: string, staleMs: number, why: Why): Promise<void> {
  await db.run(forgetting(sql`provider_id = ${providerId} and ${isUnseen(staleMs)}`, why))
}

export interface Forgotten {
  provider_id: string
  epoch: number
}

export interface Unwatched {
  /** Who asks: that it is there itself says nothing. */
  processId: string
  liveMs: number
  staleMs: number
}

/** Nobody has looked at it for so long, and nobody else watches. */
const isUnwatched = ({ processId, liveMs, staleMs }: Unwatched) => sql`${isUnseen(staleMs)}
         and not exists (select from providers.watcher
                          where process_id <> ${processId}
                            and seen_at > statement_timestamp() - ${liveMs}::int * interval '1 millisecond')`

/** Of each by which people may be sent another way. */
export async function forgetUnwatched(db: Queries, unwatched: Unwatched, why: Why): Promise<Forgotten[]> {
  const mayOpen = sql`(open_since is not null or state = 'unknown')`
  return db.many<Forgotten>(forgetting(sql`${mayOpen} and ${isUnwatched(unwatched)}`, why))
}

export async function wasLeftUnwatched(db: Queries, providerId: string, unwatched: Unwatched): Promise<boolean> {
  const found = await db.maybe(sql`
    select
      from providers.verdict
     where provider_id = ${providerId}
       and ${isUnwatched(unwatched)}`)
  return found !== undefined
}

/** Of those that are offered. */
export async function verdictsInForce(db: Queries, limit: number): Promise<VerdictRow[]> {
  return db.many<VerdictRow>(sql`
    select ${VERDICT}
      from providers.verdict
     where exists (select from providers.provider where id = provider_id and is_enabled)
     order by provider_id
     limit ${limit}`)
}

/** What live processes saw of it in the last while, and its real sign-ins for a little longer; oldest first. */
export async function recentEvidence(
  db: Queries,
  asked: { providerId: string; windowMs: number; exchangeWindowMs: number; limit: number },
): Promise<Evidence[]> {
  const rows = await db.many<Evidence>(sql`
    select id::float8 as id, process_id, seen_at, round, kind, outcome, fault, is_control_good
      from providers.evidence
     where provider_id = ${asked.providerId}
       and seen_at > statement_timestamp() - ${asked.exchangeWindowMs}::int * interval '1 millisecond'
       and (kind = 'exchange' or seen_at > statement_timestamp() - ${asked.windowMs}::int * interval '1 millisecond')
     order by seen_at desc, id desc
     limit ${asked.limit}`)
  return rows.reverse()
}

/** How the other enabled providers do. */
export async function othersNow(
  db: Queries,
  asked: { providerId: string; live: readonly string[]; windowMs: number; limit: number },
): Promise<Other[]> {
  return db.many<Other>(sql`
    select provider.id as provider_id, verdict.open_since,
           max(evidence.seen_at) filter (where evidence.outcome = 'good') as good_at,
           max(evidence.seen_at) filter (where evidence.outcome = 'fault') as fault_at
      from providers.provider
      left join providers.verdict on verdict.provider_id = provider.id
      left join providers.evidence on evidence.provider_id = provider.id
       and evidence.kind <> 'exchange'
       and evidence.seen_at > statement_timestamp() - ${asked.windowMs}::int * interval '1 millisecond'
       and evidence.process_id = any(${asked.live}::text[])
     where provider.is_enabled
       and provider.id <> ${asked.providerId}
     group by provider.id, verdict.open_since
     limit ${asked.limit}`)
}

/** The row as it is to be. False: it was another epoch's, and somebody else has decided meanwhile. */
export async function moveVerdict(db: Queries, row: VerdictRow, fromEpoch: number | undefined): Promise<boolean> {
  const why = JSON.stringify(row.why)
  if (fromEpoch === undefined) {
    const made = await db.run(sql`
      insert into providers.verdict
             (provider_id, epoch, state, since, open_since, closed_at, decided_at, decided_by, why, recover_ms)
      values (${row.provider_id}, ${row.epoch}, ${row.state}, ${row.since}, ${row.open_since}, ${row.closed_at},
              ${row.decided_at}, ${row.decided_by}, ${why}::jsonb, ${row.recover_ms})
      on conflict (provider_id) do nothing`)
    return made === 1
  }
  const moved = await db.run(sql`
    update providers.verdict
       set epoch = ${row.epoch}, state = ${row.state}, since = ${row.since}, open_since = ${row.open_since},
           closed_at = ${row.closed_at}, decided_at = ${row.decided_at}, decided_by = ${row.decided_by},
           why = ${why}::jsonb, recover_ms = ${row.recover_ms}, ordered = ${row.ordered},
           ordered_reason = ${row.ordered_reason}, ordered_by = ${row.ordered_by}, ordered_at = ${row.ordered_at},
           ordered_until = ${row.ordered_until}
     where provider_id = ${row.provider_id}
       and epoch = ${fromEpoch}`)
  return moved === 1
}

export async function renewWhy(db: Queries, { provider_id, epoch }: Verdict, why: Why): Promise<void> {
  await db.run(sql`
    update providers.verdict
       set why = ${JSON.stringify(why)}::jsonb
     where provider_id = ${provider_id}
       and epoch = ${epoch}`)
}

export interface Change {
  epoch: number
  at: Date
  state: ProviderState
  is_open: boolean
  by: string
  why: Why
}

export async function insertChange(db: Queries, row: Verdict, isOpen: boolean): Promise<void> {
  await db.run(sql`
    insert into providers.verdict_change (provider_id, epoch, at, state, is_open, by, why)
    values (${row.provider_id}, ${row.epoch}, ${row.decided_at}, ${row.state}, ${isOpen}, ${row.decided_by},
            ${JSON.stringify(row.why)}::jsonb)`)
}

export async function listChanges(
  db: Queries,
  asked: { providerId: string; beforeEpoch: number; limit: number },
): Promise<Change[]> {
  return db.many<Change>(sql`
    select epoch::float8 as epoch, at, state, is_open, by, why
      from providers.verdict_change
     where provider_id = ${asked.providerId}
       and epoch < ${asked.beforeEpoch}
     order by epoch desc
     limit ${asked.limit}`)
}

export interface EvidenceRow extends Evidence {
  detail: string | null
  took_ms: number
}

export async function listEvidence(
  db: Queries,
  asked: { providerId: string; beforeId: number; limit: number },
): Promise<EvidenceRow[]> {
  return db.many<EvidenceRow>(sql`
    select id::float8 as id, process_id, seen_at, round, kind, outcome, fault, detail, took_ms, is_control_good
      from providers.evidence
     where provider_id = ${asked.providerId}
       and id < ${asked.beforeId}
     order by id desc
     limit ${asked.limit}`)
}

/** Of which providers somebody else tells a fault. */
export async function faultsOfOthers(
  db: Queries,
  asked: { processId: string; withinMs: number; limit: number },
): Promise<string[]> {
  const rows = await db.many<{ provider_id: string }>(sql`
    select distinct provider_id
      from providers.evidence
     where seen_at > statement_timestamp() - ${asked.withinMs}::int * interval '1 millisecond'
       and outcome = 'fault'
       and process_id <> ${asked.processId}
     limit ${asked.limit}`)
  return rows.map((row) => row.provider_id)
}

/** Undefined: there is no such provider. */
export async function nameOf(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.maybe<{ name: string }>(sql`select name from providers.provider where id = ${id}`)
  return row?.name
}

export async function deleteOldEvidence(db: Queries, olderThanMs: number, limit: number): Promise<number> {
  return db.run(sql`
    delete from providers.evidence
     where id in (
       select id
         from providers.evidence
        where seen_at < statement_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'
        order by seen_at
        limit ${limit}
          for update skip locked)`)
}

export async function deleteOldChanges(db: Queries, olderThanMs: number, limit: number): Promise<number> {
  return db.run(sql`
    delete from providers.verdict_change
     where (provider_id, epoch) in (
       select provider_id, epoch
         from providers.verdict_change
        where at < statement_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'
        order by at
        limit ${limit}
          for update skip locked)`)
}

export async function deleteOldWatchers(db: Queries, olderThanMs: number): Promise<number> {
  return db.run(sql`
    delete from providers.watcher
     where seen_at < statement_timestamp() - ${olderThanMs}::int * interval '1 millisecond'`)
}
