import type { DatabaseServer, Queries, Statement } from '../../../platform/database/index.ts'

/** A database that tells what it is asked. */
export function listening(server: DatabaseServer, note: (text: string) => void): DatabaseServer {
  const noted = (statement: Statement) => {
    note(statement.text)
    return statement
  }
  const wrap = (queries: Queries): Queries => ({
    many: (statement) => queries.many(noted(statement)),
    maybe: (statement) => queries.maybe(noted(statement)),
    one: (statement) => queries.one(noted(statement)),
    run: (statement) => queries.run(noted(statement)),
    gather: (write, item) => queries.gather((items) => noted(write(items)), item),
  })
  return {
    ...server,
    database(purpose) {
      const real = server.database(purpose)
      // Only what people wait for: what runs by itself asks in its own rhythm.
      if (purpose !== 'request' && purpose !== 'fallback') return real
      return { ...wrap(real), transaction: (work) => real.transaction((queries) => work(wrap(queries))) }
    },
  }
}
