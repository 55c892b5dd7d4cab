import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Clock } from '../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer, sql } from '../../platform/database/index.ts'
import { openTestServer, type TestServer } from '../../platform/http/testing.ts'
import { silentLog } from '../../platform/log.ts'
import { refusals } from '../../platform/refusal.ts'
import { createTestDatabase, startTestPostgres, type TestDatabase } from '../../platform/testing/index.ts'
import { migrations, openLockers } from './index.ts'
import { CONTENT_BYTES_MAX } from './locker.ts'

const MINUTE_MS = 60_000
const DAY_S = 86_400
const LIFE_MS = 30 * DAY_S * 1000
let nowMs = Date.parse('2026-11-21T08:00:00Z')
const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs }

const refuse = refusals('applications', { key_unknown: [401, 'This key is not known here.'] })
/** Two applications, known by their names. */
const applications = {
  authenticate(authorization: string | undefined) {
    const id = authorization?.replace('Bearer ', '') ?? ''
    if (!['app_a', 'app_b'].includes(id)) throw refuse('key_unknown')
    return { id } as ReturnType<Parameters<typeof openLockers>[0]['applications']['authenticate']>
  },
}

let store: TestDatabase
let database: DatabaseServer
let front: ReturnType<typeof openLockers>
let server: TestServer
before(async () => {
  store = await createTestDatabase()
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources: [migrations], log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog })
  front = openOn(database)
  server = await openTestServer(front.routes)
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await store.drop()
})

function openOn(of: DatabaseServer, more: { lockersMax?: number } = {}) {
  const common = { clock, lifeMs: LIFE_MS, applications, ...more }
  return openLockers({ ...common, db: of.database('request'), background: of.database('background') })
}

const newKey = () => createHash('sha256').update(randomBytes(8)).digest('base64url')
const asker =
  (at: TestServer, as = 'app_a') =>
  async (method: string, key: string, body?: object) => {
    const type = body && { 'content-type': 'application/json' }
    const headers = { authorization: `Bearer ${as}`, ...type }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const { status, text } = await at.ask(`/v1/lockers/${key}`, init)
    return { status, body: text ? JSON.parse(text) : undefined }
  }
const ask: ReturnType<typeof asker> = (...given) => asker(server)(...given)
const fill = (key: string, content: string, more: object = {}) =>
  ask('PUT', key, { content, expires_in_s: DAY_S, ...more })

/** What PostgreSQL calls a version of a row: another one means that somebody wrote. */
async function versionOf(key: string): Promise<string> {
  const { version } = await database.database('request').one<{ version: string }>(sql`
    select ctid::text || xmin::text || xmax::text as version
      from lockers.locker
     where key = ${Buffer.from(key, 'base64url')}`)
  return version
}

test('what was put into a locker comes out as it was, until it runs out', async () => {
  const key = newKey()
  assert.deepEqual([(await ask('GET', key)).status, (await ask('GET', key)).body.code], [404, 'lockers.not_found'])
  const content = JSON.stringify({ cart: ['äpple', '\u0000', '__proto__'], at: 1e21 })
  const { status, body } = await fill(key, content)
  assert.deepEqual([status, body], [200, { outcome: 'kept', expires_at: '2026-11-22T08:00:00.000Z' }])
  assert.deepEqual((await ask('GET', key)).body, { content, expires_at: '2026-11-22T08:00:00.000Z' })
  nowMs += DAY_S * 1000
  assert.equal((await ask('GET', key)).status, 404)
  assert.equal((await fill(key, '{}')).body.outcome, 'kept')
})

test('an application reaches its own lockers only, and nobody without its key reaches any', async () => {
  const key = newKey()
  await fill(key, '{"of":"a"}')
  const other = asker(server, 'app_b')
  assert.equal((await other('GET', key)).status, 404)
  assert.equal((await other('PATCH', key, { expires_in_s: DAY_S })).status, 404)
  await other('PUT', key, { content: '{"of":"b"}', expires_in_s: DAY_S })
  await other('DELETE', key)
  assert.equal((await ask('GET', key)).body.content, '{"of":"a"}')
  for (const method of ['GET', 'DELETE']) assert.equal((await asker(server, 'app_c')(method, key)).status, 401)
})

test('nothing is written when nothing has changed, and an expiry moves once a minute at most', async () => {
  const key = newKey()
  await fill(key, '{"a":1}')
  const first = await versionOf(key)
  await ask('GET', key)
  assert.equal((await fill(key, '{"a":1}')).body.outcome, 'unchanged')
  nowMs += MINUTE_MS - 1
  const touch = () => ask('PATCH', key, { expires_in_s: DAY_S })
  const still = (await touch()).body.expires_at
  assert.equal(await versionOf(key), first)
  nowMs += 1
  const moved = (await touch()).body.expires_at
  assert.equal(Date.parse(moved) - Date.parse(still), MINUTE_MS)
  assert.notEqual(await versionOf(key), first)
  // A life of ten seconds would be over before a minute is.
  await fill(key, '{"a":2}', { expires_in_s: 10 })
  nowMs += 1000
  assert.equal(Date.parse((await ask('PATCH', key, { expires_in_s: 10 })).body.expires_at), nowMs + 10_000)
})

test('nothing lives longer than a session of the installation may', async () => {
  const { body } = await fill(newKey(), '{}', { expires_in_s: 400 * DAY_S })
  assert.equal(Date.parse(body.expires_at), nowMs + LIFE_MS)
})

test('what was emptied stays empty, whoever writes late, and also where there was nothing', async () => {
  const [filled, never] = [newKey(), newKey()]
  await fill(filled, '{"user":"ana"}')
  for (const key of [filled, never]) {
    assert.equal((await ask('DELETE', key)).status, 204)
    assert.equal((await ask('DELETE', key)).status, 204)
    assert.deepEqual([(await ask('GET', key)).status, (await ask('GET', key)).body.code], [410, 'lockers.emptied'])
    assert.equal((await fill(key, '{"user":"ana"}')).body.code, 'lockers.emptied')
    assert.equal((await ask('PATCH', key, { expires_in_s: DAY_S })).status, 410)
  }
  nowMs += LIFE_MS - 1
  assert.equal((await ask('GET', filled)).status, 410)
})

test('what waited through an outage does not replace what was written since', async () => {
  const key = newKey()
  await fill(key, '{"before":true}')
  nowMs += MINUTE_MS
  assert.equal((await fill(key, '{"waited":true}', { age_ms: 1000 })).body.outcome, 'kept')
  nowMs += MINUTE_MS
  assert.equal((await fill(key, '{"since":true}')).body.outcome, 'kept')
  assert.equal((await fill(key, '{"waited":true}', { age_ms: 1000 + MINUTE_MS })).body.outcome, 'newer')
  assert.equal((await ask('GET', key)).body.content, '{"since":true}')
  // It was used in the outage in which it ran out.
  nowMs += DAY_S * 1000
  assert.equal((await fill(key, '{"since":true}', { age_ms: DAY_S * 1000 })).body.outcome, 'kept')
  assert.equal((await ask('GET', key)).status, 200)
})

test('a locker holds 16 KiB, counted in bytes', async () => {
  const key = newKey()
  assert.equal((await fill(key, 'x'.repeat(CONTENT_BYTES_MAX))).status, 200)
  const large = await fill(key, 'ä'.repeat(CONTENT_BYTES_MAX / 2 + 1))
  assert.deepEqual([large.status, large.body.code], [413, 'lockers.too_large'])
  assert.match(large.body.detail, /16384 bytes, and this is 16386/)
  assert.equal((await fill(key, 'x'.repeat(CONTENT_BYTES_MAX + 1))).status, 400)
  assert.equal((await fill(key, '\u0000')).status, 400)
  assert.equal((await ask('GET', 'not-a-digest')).status, 400)
})

test('two that fill at once are both answered, and one of them is there', async () => {
  const key = newKey()
  const contents = Array.from({ length: 20 }, (_, each) => JSON.stringify({ each }))
  const answers = await Promise.all(contents.map((content) => fill(key, content)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  assert.ok(contents.includes((await ask('GET', key)).body.content))
})

test('an application that has all its lockers gets no new one, and goes on with those it has', async () => {
  const full = openOn(database, { lockersMax: 512 })
  await using tight = await openTestServer(full.routes)
  const askTight = asker(tight, 'app_b')
  // Two of the sampled stretch stand for 512.
  const keys = [1, 2].map((last) => Buffer.from([0, ...randomBytes(30), last]).toString('base64url'))
  const put = (key: string, content: string) => askTight('PUT', key, { content, expires_in_s: DAY_S })
  for (const key of keys) assert.equal((await put(key, '{}')).status, 200)
  nowMs += MINUTE_MS
  const refused = await put(newKey(), '{}')
  assert.deepEqual([refused.status, refused.body.code], [409, 'lockers.full'])
  assert.equal((await put(keys[0]!, '{"more":1}')).status, 200)
  assert.equal((await askTight('DELETE', keys[1]!)).status, 204)
  assert.equal((await askTight('GET', keys[1]!)).status, 410)
  const own = asker(tight, 'app_a')
  assert.equal((await own('PUT', newKey(), { content: '{}', expires_in_s: DAY_S })).status, 200)
})

test('what has run out is removed in portions, and what lives stays', async () => {
  const [gone, stays] = [newKey(), newKey()]
  await fill(gone, '{}', { expires_in_s: 60 })
  await fill(stays, '{}')
  nowMs += 2 * MINUTE_MS
  const removed = (await front.jobs[0]!.run()) as number
  assert.ok(removed >= 1)
  assert.equal((await ask('GET', stays)).status, 200)
  const { rows } = await database.database('request').one<{ rows: number }>(sql`
    select count(*)::int as rows from lockers.locker where key = ${Buffer.from(gone, 'base64url')}`)
  assert.equal(rows, 0)
})

test('a database that does not answer is 503 and unknown, never 404', { timeout: 60_000 }, async () => {
  await using hurt = await startTestPostgres()
  await migrate({ ownerUrl: hurt.ownerUrl, appRole: 'holdfast_app', sources: [migrations], log: silentLog })
  await using away = openDatabaseServer({ url: hurt.databaseUrl, name: 'test', clock, log: silentLog })
  await using here = await openTestServer(openOn(away).routes)
  const askHere = asker(here)
  const key = newKey()
  assert.equal((await askHere('PUT', key, { content: '{}', expires_in_s: DAY_S })).status, 200)
  hurt.stopAll()
  const all = [askHere('GET', key), askHere('DELETE', key), askHere('PATCH', key, { expires_in_s: 60 })]
  for (const { status, body } of await Promise.all(all)) {
    assert.deepEqual([status, body.code, body.verdict], [503, 'platform.database_unavailable', 'unknown'])
  }
  hurt.continueAll()
})
