import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer, sql } from '../../platform/database/index.ts'
import { silentLog } from '../../platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/index.ts'
import { countByKind, migrations, newestSignals, signalAt } from './index.ts'

let store: TestDatabase
let database: DatabaseServer
before(async () => {
  store = await createTestDatabase()
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources: [migrations], log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock: systemClock, log: silentLog })
})
after(async () => {
  await database[Symbol.asyncDispose]()
  await store.drop()
})

test('a signal is kept with what caused it, or neither is', async () => {
  const at = new Date('2026-11-21T08:00:00.123Z')
  const signal = signalAt(() => at)
  const db = database.database('request')
  await db.transaction((queries) => signal(queries, { kind: 'thing.made', subject: 'thg_1', facts: { size: 3 } }))
  const mistake = new Error('changed my mind')
  await assert.rejects(
    db.transaction(async (queries) => {
      await signal(queries, { kind: 'thing.ended', subject: 'thg_1' })
      throw mistake
    }),
    mistake,
  )
  const newest = await newestSignals(db, ['thing.made', 'thing.ended'], 10)
  assert.deepEqual(newest, [{ at, kind: 'thing.made', subject: 'thg_1', facts: { size: 3 } }])
})

test('signals are counted by their kind since an instant, that instant included', async () => {
  const db = database.database('request')
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 8, minute))
  for (const [minute, kind] of [
    [0, 'a'],
    [1, 'a'],
    [2, 'b'],
    [3, 'a'],
  ] as const) {
    await db.transaction((queries) => signalAt(() => at(minute))(queries, { kind, subject: 'x' }))
  }
  const counted = await countByKind(db, at(1))
  assert.deepEqual(
    counted.toSorted((one, other) => one.kind.localeCompare(other.kind)),
    [
      { kind: 'a', count: 2 },
      { kind: 'b', count: 1 },
    ],
  )
  assert.equal((await db.one<{ n: number }>(sql`select count(*)::int as n from signals.signal`)).n, 5)
})
