import type pg from 'pg'
import type { Queries } from './database.ts'
import type { Statement } from './sql.ts'

type Gather = Queries['gather']

/**
 * The four questions, over whatever asks. More rows than were expected is a bug, never silently one of them. Without
 * `gather` there is no COMMIT to wait for.
 */
export function queriesOver(ask: (statement: Statement) => Promise<pg.QueryResult>, gather?: Gather): Queries {
  const many = async <Row>(statement: Statement) => (await ask(statement)).rows as Row[]
  return {
    many,
    async maybe<Row>(statement: Statement) {
      const rows = await many<Row>(statement)
      if (rows.length > 1) throw new Error(`expected one row at most, got ${rows.length}`)
      return rows[0]
    },
    async one<Row>(statement: Statement) {
      const rows = await many<Row>(statement)
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`)
      return rows[0]!
    },
    async run(statement) {
      return (await ask(statement)).rowCount ?? 0
    },
    gather:
      gather ??
      (async (write, item) => {
        await ask(write([item]))
      }),
  }
}
