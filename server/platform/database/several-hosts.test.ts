import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { type Logger, silentLog } from '../log.ts'
import { startTestReplication, type TestReplication } from '../testing/index.ts'
import { type DatabaseServer, type DatabaseServerOptions, openDatabaseServer } from './index.ts'
import { migrate } from './migrate.ts'
import { onOneConnection } from './one-connection.ts'
import { DatabaseOutage } from './outage.ts'
import { sql } from './sql.ts'
import { eventually, seen } from './testing.ts'

const ASK_MS = 10_000

async function openPair(): Promise<TestReplication> {
  const made = await startTestReplication()
  await migrate({ ownerUrl: made.ownerUrl, appRole: 'holdfast_app', sources: [], log: silentLog })
  await made.primary.ask('create table note (id int primary key, said text not null)')
  await made.primary.ask('grant select, insert on note to holdfast_app')
  return made
}

function open(pair: TestReplication, options: Partial<DatabaseServerOptions> = {}): DatabaseServer {
  return openDatabaseServer({
    url: pair.databaseUrl,
    name: 'test',
    clock: systemClock,
    log: silentLog,
    probeEveryMs: 200,
    ...options,
  })
}

const portOf = async (database: DatabaseServer) =>
  (await database.database('request').one<{ port: number }>(sql`select inet_server_port() as port`)).port
const write = (database: DatabaseServer, id: number) =>
  database.database('request').run(sql`insert into note values (${id}, 'kept')`)
const notes = async (pair: TestReplication, node: 'primary' | 'replica') =>
  (await pair[node].ask<{ id: number }>('select id from note order by id')).map(({ id }) => id)

test('of a primary and its replica the primary is taken, whichever is named first', async () => {
  await using pair = await openPair()
  const { primary, replica } = pair
  const turned = primary.databaseUrl.replace('127.0.0.1:', `127.0.0.1:${replica.port},127.0.0.1:`)
  for (const url of [pair.databaseUrl, turned]) {
    await using database = open(pair, { url })
    await assert.rejects(portOf(database), DatabaseOutage, 'nothing is asked before it was seen who takes writes')
    assert.equal((await database.probeNow()).state, 'ok')
    assert.equal(await portOf(database), primary.port)
    await onOneConnection(url, ASK_MS, async (db) => {
      assert.deepEqual(await db.one(sql`select pg_is_in_recovery() as standby`), { standby: false })
    })
  }
  await assert.rejects(
    onOneConnection(`${replica.databaseUrl}?target_session_attrs=read-write`, ASK_MS, async () => {}),
    /no host takes writes: 127\.0\.0\.1:\d+ is a standby$/,
  )
})

test('a replica is not written to nor read from while its primary is gone, and is followed once promoted', async () => {
  await using pair = await openPair()
  await pair.makeSynchronous()
  const admitted: string[] = []
  await using database = open(pair, { admit: async (url) => void admitted.push(new URL(url).port) })
  await database.probeNow()
  await write(database, 1)
  await pair.primary.kill()
  while (!database.isAway()) await portOf(database).catch(() => {})
  await assert.rejects(portOf(database), DatabaseOutage)
  await eventually(() => /is a standby/.test(database.health().detail) || undefined)
  assert.match(database.health().detail, /^no host takes writes: 127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\); /)
  assert.equal(database.isAway(), true)

  const back = seen(database, 'back')
  await pair.promoteReplica()
  await back
  assert.equal(await portOf(database), pair.replica.port)
  assert.equal(admitted.at(-1), String(pair.replica.port), 'it was admitted anew, being another server')
  await write(database, 2)
  assert.deepEqual(await notes(pair, 'replica'), [1, 2])
  assert.equal(database.health().state, 'ok')
})

test('a promotion beside a primary that lives is followed, told of as a split brain once, and never goes back', async () => {
  await using pair = await openPair()
  const told: unknown[] = []
  const log = { ...silentLog, error: (facts: unknown) => told.push(facts), warn() {}, info() {} } as unknown as Logger
  await using database = open(pair, { log })
  await database.probeNow()
  assert.equal(await portOf(database), pair.primary.port)
  await pair.promoteReplica()
  await eventually(() =>
    portOf(database).then(
      (port) => port === pair.replica.port || undefined,
      () => undefined,
    ),
  )
  await eventually(() => database.health().state === 'failing' || undefined)
  assert.match(
    database.health().detail,
    /^split brain: 127\.0\.0\.1:\d+ \(timeline 1\) takes writes beside .*; fence it$/,
  )
  for (let round = 0; round < 5; round++) {
    await database.probeNow()
    assert.equal(await portOf(database), pair.replica.port)
  }
  assert.equal(told.length, 1)

  // Alone it is not taken either: what was written since the promotion is not in it.
  await pair.replica.kill()
  await eventually(() => /is a primary that was replaced \(timeline 1\)/.test(database.health().detail) || undefined)
  await assert.rejects(portOf(database), DatabaseOutage)

  const back = seen(database, 'back')
  await pair.replica.start()
  await back
  assert.equal(await portOf(database), pair.replica.port)
  await pair.primary.kill()
  await eventually(() => database.health().state === 'ok' || undefined)
})

test('a host that hangs does not keep the other from being found', async () => {
  await using pair = await openPair()
  await using database = open(pair)
  await database.probeNow()
  pair.primary.stopAll()
  while (!database.isAway()) await portOf(database).catch(() => {})
  const back = seen(database, 'back')
  await pair.promoteReplica()
  await back
  assert.equal(await portOf(database), pair.replica.port)
})

test('a write that was given up on a primary that hung is not committed when it wakes up beside its successor', async () => {
  await using pair = await openPair()
  await using database = open(pair)
  await database.probeNow()
  const given = database.database('request').transaction(async (db) => {
    await db.run(sql`insert into note values (30, 'late')`)
    pair.primary.stopAll()
  })
  await assert.rejects(given, (error: unknown) => error instanceof DatabaseOutage && error.outcome === 'unknown')
  while (!database.isAway()) await portOf(database).catch(() => {})
  const back = seen(database, 'back')
  await pair.promoteReplica()
  await back
  await write(database, 31)
  pair.primary.continueAll()
  await eventually(async () => {
    const busy = await pair.primary.ask(
      `select pid from pg_stat_activity where application_name = 'test request' and state <> 'idle'`,
    )
    return busy.length === 0 || undefined
  })
  assert.deepEqual(await notes(pair, 'primary'), [])
  assert.deepEqual(await notes(pair, 'replica'), [31])
})

test('a commit that no replica confirmed is unknown, also where the server calls it done; reads go on', async () => {
  await using pair = await openPair()
  await pair.makeSynchronous()
  await using database = open(pair)
  await database.probeNow()
  await pair.replica.kill()
  const isUnknown = (error: unknown) => error instanceof DatabaseOutage && error.outcome === 'unknown'
  await assert.rejects(write(database, 40), isUnknown)

  // Whoever ends the wait by hand makes PostgreSQL answer COMMIT, with a warning.
  const written = assert.rejects(write(database, 41), (error: unknown) => {
    return isUnknown(error) && (error as Error).cause instanceof Error && /replica/.test(String((error as Error).cause))
  })
  await eventually(async () => {
    const [row] = await pair.primary.ask<{ ended: boolean }>(
      `select pg_cancel_backend(pid) as ended from pg_stat_activity
        where application_name = 'test request' and wait_event = 'SyncRep' and state = 'active'
        order by query_start desc limit 1`,
    )
    return row?.ended || undefined
  })
  await written
  await eventually(() => /reads work, commits hang/.test(database.health().detail) || undefined)
  assert.equal(await portOf(database), pair.primary.port)
  await pair.replica.start()
  await eventually(() => database.health().state === 'ok' || undefined)
  await write(database, 42)
  assert.ok((await notes(pair, 'replica')).includes(42))
})

test('a commit that was given up holds no place on the primary, however long its replica is gone', async () => {
  await using pair = await openPair()
  await pair.makeSynchronous()
  await using database = open(pair)
  await database.probeNow()
  await pair.replica.kill()
  for (const id of [50, 51, 52]) {
    await assert.rejects(write(database, id), (error: unknown) => error instanceof DatabaseOutage)
  }
  await eventually(async () => {
    const waiting = await pair.primary.ask(
      `select pid from pg_stat_activity where application_name = 'test request' and wait_event = 'SyncRep'`,
    )
    return waiting.length === 0 || undefined
  })
})
