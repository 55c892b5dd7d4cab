import { type Queries, sql } from '../../platform/database/index.ts'
import type { SignalRow, SignalSaid } from './signal.ts'

export async function appendSignal(db: Queries, said: SignalSaid, at: Date): Promise<void> {
  await db.many(sql`
    insert into signals.signal (at, kind, subject, facts)
    values (${at}, ${said.kind}, ${said.subject}, ${JSON.stringify(said.facts ?? {})})`)
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

/** Counts the signals of each kind since an instant. */
export async function countByKind(db: Queries, since: Date): Promise<{ kind: string; count: number }[]> {
  return db.many(sql`
    select kind, count(*)::int as count
      from signals.signal
     where at >= ${since}
     group by kind
     limit 1000`)
}
