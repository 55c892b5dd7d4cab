import type { Statement } from './sql.ts'

/**
 * What a verb may ask of PostgreSQL. Every call has a deadline and ends in one of three ways: it answers, it throws a
 * `DatabaseOutage` (`failed` or `unknown`), or it throws a bug.
 */
export interface Queries {
  /** At most as many rows as the statement's own limit. */
  many<Row>(statement: Statement): Promise<Row[]>
  maybe<Row>(statement: Statement): Promise<Row | undefined>
  one<Row>(statement: Statement): Promise<Row>
  /** The number of rows touched. */
  run(statement: Statement): Promise<number>
}

export interface Database extends Queries {
  /**
   * Runs `work` in one transaction, fenced: a server that hung and wakes up after the deadline cannot commit it.
   * Only a COMMIT whose answer was lost is `unknown`; all that went wrong before is `failed`.
   */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
}
