import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer, sql } from '../../platform/database/index.ts'
import { silentLog } from '../../platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/index.ts'
import { deleteOldSignals } from './delete-old-signals.ts'
import { migrations, newestSignals, signalAt, tallySignals } from './index.ts'

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

test('signals are counted minute by minute, by what they say of themselves', async () => {
  const db = database.database('request')
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 8, minute, 20))
  for (const [minute, facts] of [
    [0, { method: 'code', seconds: 1 }],
    [1, { method: 'code', seconds: 8 }],
    [1, { method: 'code', seconds: 8.1 }],
    [1, { method: 'link', organization_id: 'org_1' }],
    [2, { reason: 'wrong_code' }],
  ] as const) {
    await db.transaction((queries) => signalAt(() => at(minute))(queries, { kind: 'a', subject: 'x', facts }))
  }
  const tally = await tallySignals(db, { kinds: ['a'], from: at(1), to: at(2), stepMax: 63 })
  const minute = new Date(Date.UTC(2026, 10, 22, 8, 1))
  const none = { minute, kind: 'a', organization_id: '', reason: '' }
  assert.deepEqual(tally, [
    { ...none, method: 'code', step: 25, count: 2, seconds: 16.1 },
    { ...none, method: 'link', organization_id: 'org_1', step: null, count: 1, seconds: 0 },
  ])
})

test('signals are deleted once they are older than what is kept', async () => {
  const db = database.database('background')
  const clock = { now: () => new Date('2026-11-23T08:02:00Z'), monotonicMs: () => 0 }
  assert.equal(await deleteOldSignals({ db, clock }, 24 * 60 * 60_000), 5)
  assert.equal((await db.one<{ n: number }>(sql`select count(*)::int as n from signals.signal`)).n, 1)
})
