import type { Statement } from './sql.ts'

/** Always the same function for one kind, or nothing is written together. */
export type WriteAll<Item> = (items: readonly Item[]) => Statement

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
  /**
   * What is only told and read by nobody in this transaction: kept until the COMMIT, and written with others of its kind in
   * one statement that leaves together with it. Outside a transaction it is written at once.
   */
  gather<Item>(write: WriteAll<Item>, item: Item): Promise<void>
}

export interface Database extends Queries {
  /**
   * Runs `work` in one transaction, fenced: a server that hung and wakes up after the deadline cannot commit it.
   * Only a COMMIT whose answer was lost is `unknown`; all that went wrong before is `failed`.
   */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
}
