import { prepared, type Queries, type Statement, sql } from '../../platform/database/index.ts'
import type { SignalRow, SignalSaid } from './signal.ts'

interface Row extends SignalSaid {
  at: Date
}

/** Written with the COMMIT, together with what else is noticed in the transaction. */
export async function appendSignal(db: Queries, said: SignalSaid, at: Date): Promise<void> {
  await db.gather(insertSignals, { ...said, at })
}

function insertSignals(rows: readonly Row[]): Statement {
  return prepared(sql`
    insert into signals.signal (at, kind, subject, facts)
    select at, kind, subject, facts::jsonb
      from unnest(${rows.map(({ at }) => at)}::timestamptz[], ${rows.map(({ kind }) => kind)}::text[],
                  ${rows.map(({ subject }) => subject)}::text[],
                  ${rows.map(({ facts = {} }) => JSON.stringify(facts))}::text[])
           with ordinality as said (at, kind, subject, facts, place)
     order by place`)
}

/** The newest of these kinds. */
export async function newestSignals(db: Queries, kinds: readonly string[], limit: number): Promise<SignalRow[]> {
  return db.many<SignalRow>(sql`
    select at, kind, subject, facts
      from signals.signal
     where kind = any(${kinds})
     order by id desc
     limit ${limit}`)
}

/** The newest that have this id for their subject. */
export async function signalsAbout(db: Queries, subject: string, limit: number): Promise<Omit<SignalRow, 'subject'>[]> {
  return db.many(sql`
    select at, kind, facts
      from signals.signal
     where subject = ${subject}
     order by id desc
     limit ${limit}`)
}

/** How many signals of one minute say the same of these facts. */
export interface TallyRow {
  minute: Date
  kind: string
  /** Empty: the signal does not say. */
  method: string
  organization_id: string
  reason: string
  /** Of `seconds`, rounded: in how many steps of a fifth it lies above a tenth of a second; null: it says none. */
  step: number | null
  count: number
  seconds: number
}

/** More groups than this in a few minutes are cut off: the largest are what a figure is made of. */
const TALLY_MAX = 50_000

/** Counts the signals of these kinds minute by minute, by what their facts say; `from` included, `to` excluded. */
export async function tallySignals(
  db: Queries,
  asked: { kinds: readonly string[]; from: Date; to: Date; stepMax: number },
): Promise<TallyRow[]> {
  return db.many<TallyRow>(sql`
    select date_trunc('minute', at) as minute, kind,
           coalesce(facts ->> 'method', '') as method,
           coalesce(facts ->> 'organization_id', '') as organization_id,
           coalesce(facts ->> 'reason', '') as reason,
           case when jsonb_typeof(facts -> 'seconds') is distinct from 'number' then null
                when (facts ->> 'seconds')::float8 <= 0.1 then 0
                else least(${asked.stepMax}::int, ceil(ln((facts ->> 'seconds')::float8 / 0.1) / ln(1.2)))::int
           end as step,
           count(*)::int as count,
           coalesce(sum(case when jsonb_typeof(facts -> 'seconds') = 'number' then (facts ->> 'seconds')::float8 end), 0)
             as seconds
      from signals.signal
     where at >= ${asked.from}
       and at < ${asked.to}
       and kind = any(${asked.kinds})
     group by 1, 2, 3, 4, 5, 6
     order by 7 desc
     limit ${TALLY_MAX}`)
}

export async function deleteSignalsBefore(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from signals.signal
     where id in (
       select id
         from signals.signal
        where at < ${before}
        order by at
        limit ${limit}
          for update skip locked)`)
}
