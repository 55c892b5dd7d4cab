import { type Queries, sql } from '../../../../platform/database/index.ts'

/** True for the one process of the installation whose turn it is; the next begins when the time is over, whatever becomes of it. */
export async function takeTurn(
  db: Queries,
  turn: { name: string; everyMs: number; by: string },
  now: Date,
): Promise<boolean> {
  const rows = await db.run(sql`
    insert into identity.fail_over_turn as turn (name, taken_at, taken_by)
    values (${turn.name}, ${now}, ${turn.by})
        on conflict (name) do update
       set taken_at = excluded.taken_at, taken_by = excluded.taken_by
     where turn.taken_at <= ${new Date(now.getTime() - turn.everyMs)}`)
  return rows === 1
}
