import { type Queries, sql } from '../../platform/database/index.ts'
import type { Run } from './run.ts'

const columns = sql`
  id, kind, started_at as "startedAt", ended_at as "endedAt", problem, archive, size::float8 as size,
  snapshot_at as "snapshotAt", facts`

export async function insertRun(db: Queries, run: Run): Promise<void> {
  await db.run(sql`
    insert into backups.run (id, kind, started_at, ended_at, problem, archive, size, snapshot_at, facts)
    values (${run.id}, ${run.kind}, ${run.startedAt}, ${run.endedAt}, ${run.problem}, ${run.archive}, ${run.size},
            ${run.snapshotAt}, ${JSON.stringify(run.facts)})`)
}

export async function newestDone(db: Queries, kind: Run['kind']): Promise<Run | undefined> {
  return db.maybe<Run>(sql`
    select ${columns}
      from backups.run
     where kind = ${kind}
       and problem is null
     order by ended_at desc
     limit 1`)
}

export async function newestFailed(db: Queries, kind: Run['kind']): Promise<Run | undefined> {
  return db.maybe<Run>(sql`
    select ${columns}
      from backups.run
     where kind = ${kind}
       and problem is not null
     order by ended_at desc
     limit 1`)
}

export interface KeysRow {
  recipient: string | null
  signerPublic: string
  signerSealed: string
}

export async function findKeys(db: Queries): Promise<KeysRow | undefined> {
  return db.maybe<KeysRow>(sql`
    select recipient, signer_public as "signerPublic", signer_sealed as "signerSealed"
      from backups.keys
     limit 1`)
}

/** Of two that begin together the first makes them; both read what stands then. */
export async function makeKeysOnce(db: Queries, keys: KeysRow, now: Date): Promise<void> {
  await db.run(sql`
    insert into backups.keys (recipient, signer_public, signer_sealed, made_at)
    values (${keys.recipient}, ${keys.signerPublic}, ${keys.signerSealed}, ${now})
    on conflict (only_row) do nothing`)
}

export async function replaceRecipient(db: Queries, recipient: string): Promise<void> {
  await db.run(sql`update backups.keys set recipient = ${recipient}`)
}
