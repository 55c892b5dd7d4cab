import { type Queries, type Statement, sql } from '../../../platform/database/index.ts'

export interface Removed {
  drop: string
  make: string
}

/** Keys and indexes: made again afterwards, which is far faster than kept meanwhile. Foreign keys go first and come last. */
export async function keysAndIndexes(db: Queries, schemas: readonly string[]): Promise<Removed[]> {
  const foreign = sql`contype = 'f'`
  const primary = sql`contype in ('p', 'u')`
  return [
    ...(await constraints(db, schemas, foreign)),
    ...(await constraints(db, schemas, primary)),
    ...(await indexes(db, schemas)),
  ]
}

async function constraints(db: Queries, schemas: readonly string[], kind: Statement): Promise<Removed[]> {
  return db.many<Removed>(sql`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
           format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
      from pg_catalog.pg_constraint
     where connamespace = any(${schemas}::regnamespace[])
       and ${kind}
     order by 1
     limit 1000`)
}

async function indexes(db: Queries, schemas: readonly string[]): Promise<Removed[]> {
  return db.many<Removed>(sql`
    select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as make
      from pg_catalog.pg_index
      join pg_catalog.pg_class on pg_class.oid = indrelid
     where relnamespace = any(${schemas}::regnamespace[])
       and not exists (select from pg_catalog.pg_constraint where conindid = indexrelid)
     order by 1
     limit 1000`)
}

export const ANALYZE = 'analyze'
/** A crash of the machine may lose what is made up; the tables themselves are as everybody's. */
export const HURRY =
  // Nobody else is there but autovacuum, which may be in the middle of a large table.
  "set synchronous_commit = off; set lock_timeout = '10min'; set maintenance_work_mem = 262144; set max_parallel_maintenance_workers = 1"
