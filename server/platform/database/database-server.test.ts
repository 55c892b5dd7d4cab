import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { type Logger, silentLog } from '../log.ts'
import { startTestPostgres, type TestPostgres } from '../testing/index.ts'
import { type DatabaseServer, type DatabaseServerOptions, openDatabaseServer } from './index.ts'
import { migrate } from './migrate.ts'
import { onOneConnection } from './one-connection.ts'
import { DatabaseOutage } from './outage.ts'
import { sql } from './sql.ts'
import { eventually, seen } from './testing.ts'

const ASK_MS = 10_000
/** No call of a request waits longer than for its connection and its statement; the rest is for a slow machine. */
const REQUEST_MS = 1750
const SLACK_MS = 5000

let server: TestPostgres
before(async () => {
  server = await startTestPostgres()
  await migrate({ ownerUrl: server.ownerUrl, appRole: 'holdfast_app', sources: [], log: silentLog })
  await onOneConnection(server.ownerUrl, ASK_MS, async (db) => {
    await db.run(sql`create table counted (n int not null)`)
    await db.run(sql`grant select, insert on counted to holdfast_app`)
  })
})
after(() => server.close())
beforeEach(() => server.continueAll())

function open(options: Partial<DatabaseServerOptions> = {}): DatabaseServer {
  return openDatabaseServer({
    url: server.databaseUrl,
    name: 'test',
    clock: systemClock,
    log: silentLog,
    probeEveryMs: 200,
    ...options,
  })
}

const ask = (database: DatabaseServer) => database.database('request').one(sql`select 1 as one`)

/** Asks until the breaker has seen enough. */
async function loseIt(database: DatabaseServer): Promise<void> {
  const away = seen(database, 'away')
  while (!database.isAway()) await ask(database).catch(() => {})
  await away
}

test('a database that is there is ok, and proven by a commit', async () => {
  await using database = open()
  const result = await database.probeNow()
  assert.deepEqual(result, { state: 'ok', detail: 'commits', arePooledFine: true })
  assert.equal(database.health().state, 'ok')
  assert.ok(database.health().provenAt)
  assert.equal(database.isAway(), false)
})

test('nothing is asked of a store before it was admitted, and a refused one is never asked', async () => {
  const refusal = new Error('not ours')
  const refused: unknown[] = []
  let admissions = 0
  await using database = open({
    async admit() {
      admissions += 1
      throw refusal
    },
    onRefused: (error) => refused.push(error),
  })
  const count = () => database.database('request').run(sql`insert into counted values (1)`)
  assert.equal(database.isAway(), true)
  await assert.rejects(count(), DatabaseOutage)
  await assert.rejects(database.probeNow(), refusal)
  await assert.rejects(count(), DatabaseOutage)
  // It is looked at again, in case the store is put right; and told again as long as it is not.
  await eventually(() => (refused.length > 0 && admissions > 1) || undefined)
  await assert.rejects(count(), DatabaseOutage)
  const rows = await onOneConnection(server.ownerUrl, ASK_MS, (db) => db.many(sql`select n from counted limit 10`))
  assert.deepEqual(rows, [])
})

test('an admission that meets an outage is tried again, and opens the store when it succeeds', async () => {
  let isThere = false
  await using database = open({
    async admit() {
      if (!isThere) throw new DatabaseOutage('failed', 'the database bears no stamp: is it being restored?')
    },
  })
  const result = await database.probeNow()
  assert.equal(result.state, 'failing')
  assert.match(database.health().detail, /bears no stamp/)
  const { since } = database.health()
  const back = seen(database, 'back')
  isThere = true
  await back
  await ask(database)
  assert.ok(database.health().since >= since)
})

test('a server that stops is away within its deadlines, and back after it goes on, without a restart', async () => {
  await using database = open()
  await database.probeNow()
  await ask(database)
  server.stopAll()
  const startedAt = performance.now()
  await assert.rejects(ask(database), DatabaseOutage)
  assert.ok(performance.now() - startedAt < REQUEST_MS + SLACK_MS)
  await loseIt(database)
  assert.equal(database.health().state, 'unknown')

  // Refused at once now, not tried.
  await assert.rejects(ask(database), /the database has not answered since \d{4}-/)
  await eventually(() => /the whole server hangs/.test(database.health().detail) || undefined)

  const back = seen(database, 'back')
  server.continueAll()
  await back
  await ask(database)
  assert.equal(database.health().state, 'ok')
})

test('requests that come one by one in an outage open the breaker after the third', async () => {
  await using database = open()
  await database.probeNow()
  server.stopAll()
  const away = seen(database, 'away')
  await Promise.allSettled([ask(database), ask(database), ask(database)])
  await away
  server.continueAll()
  await seen(database, 'back')
})

test('a stopped postmaster leaves pooled connections at work and the breaker closed, and health says so', async () => {
  await using database = open()
  const changes: boolean[] = []
  database.onChange((isAway) => changes.push(isAway))
  await database.probeNow()
  server.stopPostmaster()
  await eventually(
    () => /new connections hang, old ones answer: the postmaster/.test(database.health().detail) || undefined,
  )
  assert.equal(database.health().state, 'unknown')
  for (let n = 0; n < 20; n++) await ask(database)
  await database.database('request').run(sql`insert into counted values (2)`)
  // Through another three rounds of the probe: enough to open, if it were to.
  for (let round = 0; round < 3; round++) await database.probeNow()
  assert.equal(database.isAway(), false)
  assert.deepEqual(changes, [])
  server.continueAll()
  await eventually(() => database.health().state === 'ok' || undefined)
})

test('a server that was killed is failing, and back when it runs again', async () => {
  await using database = open()
  await database.probeNow()
  await server.killAll()
  await loseIt(database)
  await eventually(() => database.health().detail === 'nothing listens at its address' || undefined)
  assert.equal(database.health().state, 'failing')
  const back = seen(database, 'back')
  await server.restart()
  await back
  await ask(database)
})

test('an idle process notices by itself that its database has gone, and that it is back', async () => {
  await using database = open()
  await database.probeNow()
  const away = seen(database, 'away')
  server.stopAll()
  await away
  const back = seen(database, 'back')
  server.continueAll()
  await back
})

test('a process that starts while the database hangs starts without it, and has it when it goes on', async () => {
  server.stopAll()
  await using database = open({ async admit() {} })
  const result = await database.probeNow()
  assert.equal(result.state, 'unknown')
  assert.equal(database.isAway(), true)
  const { since } = database.health()
  await eventually(() => database.health().detail !== 'not tried yet' || undefined)
  // The outage is as old as it is, however often it is looked at.
  assert.deepEqual(database.health().since, since)
  const back = seen(database, 'back')
  server.continueAll()
  await back
  await ask(database)
})

test('the store is asked whose it is each time the database is back', async () => {
  let admissions = 0
  await using database = open({
    async admit() {
      admissions += 1
      await onOneConnection(server.databaseUrl, 500, (db) => db.one(sql`select 1 as one`))
    },
  })
  await database.probeNow()
  assert.equal(admissions, 1)
  await database.probeNow()
  assert.equal(admissions, 1)
  server.stopAll()
  await loseIt(database)
  const sofar = admissions
  server.continueAll()
  await seen(database, 'back')
  assert.ok(admissions > sofar)
})

test('a crowd that waits longer than its deadline does not open the breaker while others are answered', async () => {
  await using database = open()
  await database.probeNow()
  const crowd = Array.from({ length: 60 }, () => database.database('request').one(sql`select pg_sleep(0.3)`))
  const ends = await Promise.allSettled(crowd)
  assert.ok(ends.some((end) => end.status === 'fulfilled'))
  assert.ok(ends.some((end) => end.status === 'rejected'))
  assert.equal(database.isAway(), false)
  await ask(database)
})

test('two who ask for a probe at the same time get one and the same', async () => {
  let admissions = 0
  await using database = open({
    async admit() {
      admissions += 1
    },
  })
  const [one, other] = await Promise.all([database.probeNow(), database.probeNow()])
  assert.equal(one, other)
  assert.equal(admissions, 1)
})

test('a listener that fails keeps nobody else from being told', async () => {
  const errors: unknown[] = []
  const log: Logger = {
    ...silentLog,
    error: ((fields: { err: unknown }) => errors.push(fields.err)) as Logger['error'],
  }
  await using database = open({ log, async admit() {} })
  const told: boolean[] = []
  const mistake = new Error('a listener with a bug')
  database.onChange(() => {
    throw mistake
  })
  database.onChange((isAway) => told.push(isAway))
  await database.probeNow()
  assert.deepEqual(told, [false])
  assert.deepEqual(errors, [mistake])
})

test('nothing goes on after it was closed', async () => {
  const database = open()
  await database.probeNow()
  const underWay = database.database('background').one(sql`select pg_sleep(3)`)
  const ended = assert.rejects(underWay, DatabaseOutage)
  await database[Symbol.asyncDispose]()
  await ended
  await assert.rejects(ask(database), DatabaseOutage)
  await eventually(async () => {
    const { open: left } = await onOneConnection(server.ownerUrl, ASK_MS, (db) =>
      db.one<{ open: number }>(sql`
        select count(*)::int as open from pg_stat_activity where application_name like 'test%'`),
    )
    return left === 0 || undefined
  })
})

test('each process beats on a row of its own, also where names and numbers are the same', async () => {
  await using one = open()
  await using other = open()
  await Promise.all([one.probeNow(), other.probeNow()])
  const rows = await onOneConnection(server.ownerUrl, ASK_MS, (db) =>
    db.many<{ process: string }>(sql`select process from platform.heartbeat order by at desc limit 2`),
  )
  assert.equal(new Set(rows.map((row) => row.process)).size, 2)
})

test('the password of the database is in no message', async () => {
  const lines: unknown[] = []
  const note = ((...said: unknown[]) => lines.push(said)) as Logger['warn']
  const url = new URL(server.databaseUrl)
  url.password = 'a-very-secret-word'
  await using database = open({ url: url.href, log: { debug: note, info: note, warn: note, error: note } })
  await database.probeNow()
  await assert.rejects(ask(database), (error: Error) => {
    lines.push(error.message, String((error.cause as Error | undefined)?.message), error.stack)
    return true
  })
  lines.push(database.health())
  assert.ok(!JSON.stringify(lines).includes('a-very-secret-word'))
})
