import { type Queries, sql } from '../../../../platform/database/index.ts'
import { type Exercise, type ExerciseMethod, exerciseMethods } from './exercise.ts'

const columns = sql`id::text, method, at, process_id, is_good, took_ms, detail`

export async function insertExercise(db: Queries, done: Omit<Exercise, 'id'>): Promise<void> {
  await db.run(sql`
    insert into identity.fail_over_exercise (method, at, process_id, is_good, took_ms, detail)
    values (${done.method}, ${done.at}, ${done.process_id}, ${done.is_good}, ${done.took_ms}, ${done.detail})`)
}

/** Of one method, newest first. */
export async function newestExercises(db: Queries, method: ExerciseMethod, limit: number): Promise<Exercise[]> {
  return db.many<Exercise>(sql`
    select ${columns}
      from identity.fail_over_exercise
     where method = ${method}
     order by at desc, fail_over_exercise.id desc
     limit ${limit}`)
}

export async function newestGood(db: Queries): Promise<{ method: ExerciseMethod; at: Date }[]> {
  return db.many(sql`
    select method.name as method, last.at
      from unnest(${exerciseMethods}::text[]) as method (name)
     cross join lateral (select at
                           from identity.fail_over_exercise
                          where method = method.name
                            and is_good
                          order by at desc
                          limit 1) as last
     limit ${exerciseMethods.length}`)
}

/** Newest first, both methods together. */
export async function listExercises(
  db: Queries,
  { beforeId, limit }: { beforeId: string | undefined; limit: number },
): Promise<Exercise[]> {
  return db.many<Exercise>(sql`
    select ${columns}
      from identity.fail_over_exercise
     where true
       ${beforeId === undefined ? sql`` : sql`and fail_over_exercise.id < ${beforeId}::bigint`}
     order by fail_over_exercise.id desc
     limit ${limit}`)
}

/** The oldest go first: ids are in the order of time. */
export async function deleteOldExercises(db: Queries, before: Date, limit: number): Promise<number> {
  return db.run(sql`
    delete from identity.fail_over_exercise
     where id in (
       select id
         from identity.fail_over_exercise
        order by id
        limit ${limit})
       and at < ${before}`)
}
