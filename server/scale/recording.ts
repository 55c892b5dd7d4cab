import type { Database, DatabaseServer, Queries, Statement } from '../platform/database/index.ts'

/** A statement as a feature issued it, under the name of the function that holds it. */
export interface Recorded {
  /** `access/sessions/listSessions`. */
  name: string
  statement: Statement
}

export interface Recording {
  server: DatabaseServer
  /** What requests have read since this was asked last, each statement once. */
  take(): Recorded[]
}

/** Hands everything through and keeps what requests asked: what runs by itself in between has a pool of its own. */
export function recordingOf(server: DatabaseServer): Recording {
  let recorded = new Map<string, Recorded>()
  const kept = (statement: Statement) => {
    const name = callerName(new Error().stack ?? '')
    if (name && isReading(statement)) recorded.set(`${name} ${statement.text}`, { name, statement })
    return statement
  }
  const over = (queries: Queries): Queries => ({
    many: (statement) => queries.many(kept(statement)),
    maybe: (statement) => queries.maybe(kept(statement)),
    one: (statement) => queries.one(kept(statement)),
    run: (statement) => queries.run(kept(statement)),
    gather: (write, item) => queries.gather(write, item),
  })
  const recording = (database: Database): Database => ({
    ...over(database),
    transaction: (work) => database.transaction((queries) => work(over(queries))),
  })
  return {
    server: {
      database: (purpose) => (purpose === 'request' ? recording(server.database(purpose)) : server.database(purpose)),
      health: () => server.health(),
      isAway: () => server.isAway(),
      onChange: (listener) => server.onChange(listener),
      probeNow: () => server.probeNow(),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    },
    take() {
      const taken = [...recorded.values()]
      recorded = new Map()
      return taken
    },
  }
}

const isReading = ({ text }: Statement) =>
  /^\s*(?:select|with)\b/i.test(text) && !/\bfor (?:no key )?(?:update|share)\b/i.test(text)

/** Every statement stands in a function of some `queries.ts`; the innermost is its name. */
function callerName(stack: string): string | undefined {
  const [, name, path] =
    /at (?:async )?(?:Module\.)?(\w+) \(\S*\/server\/((?:access|ground)\/\S*?)\/?queries\.ts/.exec(stack) ?? []
  return name && `${path}/${name}`
}
