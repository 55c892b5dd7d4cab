import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { type Database, type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import { silentLog } from '../../platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/index.ts'
import * as signals from '../signals/index.ts'
import { quantile } from './bucket.ts'
import { countSignals, migrations, readStatistics } from './index.ts'

let store: TestDatabase
let database: DatabaseServer
let db: Database
before(async () => {
  store = await createTestDatabase()
  const sources = [signals.migrations, migrations]
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock: systemClock, log: silentLog })
  db = database.database('background')
})
after(async () => {
  await database[Symbol.asyncDispose]()
  await store.drop()
})

let now = new Date('2026-11-21T08:00:30Z')
const clock = { now: () => now, monotonicMs: () => now.getTime() }
const minutesOn = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}
const count = (sessions = 5, some: [string, number][] = []) =>
  countSignals({ db, clock, countSessions: async () => sessions, countSessionsOfSome: async () => new Map(some) })
const signal = (kind: string, facts: Record<string, unknown>) =>
  db.transaction((tx) => signals.signalAt(clock.now)(tx, { kind, subject: 'usr_1', facts }))
const succeeded = (seconds: number, more: Record<string, unknown> = {}) =>
  signal('sign-in.succeeded', { method: 'code', seconds, ...more })

type Read = Awaited<ReturnType<typeof readStatistics>>
const pointsOf = ({ series }: Read, measure: string, method: string | null = null) =>
  series.find((line) => line.measure === measure && line.method === method && line.reason === null)?.points ?? []
const at = (time: string) => new Date(time).getTime() / 1000

test('sign-ins are counted by method, by reason and by organisation, and counting twice changes nothing', async () => {
  await succeeded(10)
  await succeeded(20, { organization_id: 'org_1' })
  await signal('sign-in.succeeded', { method: 'link', seconds: 40 })
  await signal('sign-in.failed', { method: 'code', reason: 'wrong_code' })
  await signal('session.started', {})
  await count()
  await count(9)
  const read = await readStatistics({ db, clock }, {})
  const [time, value] = pointsOf(read, 'sign_ins').at(-1)!
  assert.equal(time, at('2026-11-21T08:00:00Z'))
  assert.equal(value, 4)
  assert.equal(pointsOf(read, 'sign_in_success', 'code').at(-1)![1], 2)
  assert.equal(pointsOf(read, 'sign_in_success', 'link').at(-1)![1], 1)
  assert.deepEqual(
    read.series.filter((line) => line.measure === 'sign_in_failed_by_reason').map((line) => line.reason),
    ['wrong_code'],
  )
  assert.deepEqual(
    { ...read.totals, sign_in_seconds_p50: 0, sign_in_seconds_p95: 0 },
    {
      sign_ins: 4,
      sign_in_success: 3,
      sign_in_failed: 1,
      sign_in_seconds_p50: 0,
      sign_in_seconds_p95: 0,
      sessions: 5,
      sessions_started: 1,
      sessions_ended: 0,
    },
  )
  const own = await readStatistics({ db, clock }, { organization_id: 'org_1' })
  assert.equal(own.totals.sign_ins, 1)
  assert.equal(own.totals.sessions, null)
  assert.equal(pointsOf(own, 'sign_ins').at(-1)![1], 1)
})

test('a minute that nobody observed is null and never 0, and one in which nothing happened is 0', async () => {
  minutesOn(1)
  await count()
  minutesOn(3)
  await count()
  const points = pointsOf(await readStatistics({ db, clock }, {}), 'sign_ins').slice(-6)
  assert.deepEqual(
    points.map(([, value]) => value),
    [null, 4, 0, null, null, 0],
  )
})

test('what happened while nobody counted is counted afterwards, and a day and a month say the same', async () => {
  await succeeded(15)
  minutesOn(45)
  await succeeded(15)
  await count(7)
  const hour = await readStatistics({ db, clock }, { range: 'hour' })
  const day = await readStatistics({ db, clock }, { range: 'day' })
  minutesOn(6)
  await count(7)
  const month = await readStatistics({ db, clock }, { range: 'month' })
  for (const { totals } of [hour, day, month]) assert.equal(totals.sign_in_success, 5)
  assert.equal(day.series[0]!.points.length, 144)
  assert.deepEqual(pointsOf(month, 'sign_in_success').at(-1), [at('2026-11-21T00:00:00Z'), 5])
  assert.deepEqual(pointsOf(month, 'sign_in_success').at(-2), [at('2026-11-20T00:00:00Z'), null])
})

test('a quantile of a histogram is right to a fifth', () => {
  const histogram = Array.from({ length: 64 }, () => 0)
  const stepOf = (seconds: number) => Math.ceil(Math.log(seconds / 0.1) / Math.log(1.2))
  for (let seconds = 1; seconds <= 100; seconds++) histogram[stepOf(seconds)]! += 1
  for (const [share, truth] of [
    [0.5, 50],
    [0.95, 95],
  ] as const) {
    const found = quantile(histogram, share)!
    assert.ok(Math.abs(found - truth) / truth < 0.2, `${found} is ${truth}`)
  }
  assert.equal(quantile([], 0.5), null)
})

test('sessions of an organisation are known for the minutes in which it was sampled, and unknown otherwise', async () => {
  minutesOn(20)
  await count(8, [['org_9', 3]])
  minutesOn(1)
  await count(8)
  const of = (read: Read) =>
    pointsOf(read, 'sessions')
      .slice(-2)
      .map(([, value]) => value)
  const read = await readStatistics({ db, clock }, { organization_id: 'org_9' })
  assert.deepEqual(of(read), [3, null])
  assert.equal(read.totals.sessions, 3)
  assert.deepEqual(of(await readStatistics({ db, clock }, {})), [8, 8])
  const never = await readStatistics({ db, clock }, { organization_id: 'org_8' })
  assert.deepEqual([never.totals.sessions, of(never)], [null, [null, null]])
})
