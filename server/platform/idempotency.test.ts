import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Clock } from './clock.ts'
import {
  type Database,
  DatabaseOutage,
  type DatabaseServer,
  migrate,
  onOneConnection,
  openDatabaseServer,
  sql,
} from './database/index.ts'
import { type Call, empty, json } from './http/index.ts'
import { forgetIdempotencyKeys, KEY_KEPT_MS, once } from './idempotency.ts'
import { silentLog } from './log.ts'
import { refusals } from './refusal.ts'
import { secretFrom } from './secret.ts'
import { createTestDatabase, type TestDatabase } from './testing/index.ts'

let nowMs = Date.parse('2026-11-21T08:00:00Z')
const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs }
const secret = secretFrom(Buffer.alloc(32, 9))
const ASK_MS = 10_000

let store: TestDatabase
let database: DatabaseServer
const fault = { losesNextCommit: false }
before(async () => {
  store = await createTestDatabase()
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources: [], log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog })
})
after(async () => {
  await database[Symbol.asyncDispose]()
  await store.drop()
})

const db = (): Database => {
  const real = database.database('request')
  return {
    ...real,
    async transaction(work) {
      const result = await real.transaction(work)
      if (!fault.losesNextCommit) return result
      fault.losesNextCommit = false
      throw new DatabaseOutage('unknown', 'the answer was lost by the test')
    },
  }
}

let keys = 0
const newKey = () => `key-${++keys}`
const callWith = (key: string | undefined, changes: Partial<Call> = {}): Call => ({
  method: 'POST',
  path: '/v1/things',
  body: { name: 'one' },
  query: {},
  params: {},
  headers: key === undefined ? {} : { 'idempotency-key': key },
  cookies: {},
  address: '192.0.2.7',
  origin: 'http://localhost:4000',
  isSecure: false,
  prefix: '',
  application: null,
  signal: new AbortController().signal,
  actor: { kind: 'token', id: 'tok_1', sessionId: null, isStaff: true, impersonatorId: null },
  ...changes,
})

/** A verb that counts how often it was really done. */
function thing() {
  const done = { times: 0 }
  const send = (call: Call) =>
    once({ db: db(), clock, secret }, call, async () => json(201, { made: ++done.times, key: 'hf_once' }))
  return { done, send }
}

test('the same request with the same key is done once and answered twice with the same', async () => {
  const { done, send } = thing()
  const call = callWith(newKey())
  const [first, second] = [await send(call), await send(call)]
  assert.equal(done.times, 1)
  assert.deepEqual({ ...second, headers: undefined }, { ...first, headers: undefined })
  assert.deepEqual(second.headers, { 'idempotent-replayed': 'true' })
  await send(callWith(undefined))
  assert.equal(done.times, 2)
})

test('an empty answer is repeated too', async () => {
  const call = callWith(newKey(), { method: 'DELETE' })
  const parts = { db: db(), clock, secret }
  await once(parts, call, async () => empty(204))
  const again = await once(parts, call, () => Promise.reject(new Error('done twice')))
  assert.deepEqual(again, { kind: 'empty', status: 204, headers: { 'idempotent-replayed': 'true' } })
})

test('another body with the same key is refused, and so is a key that is none', async () => {
  const { done, send } = thing()
  const key = newKey()
  await send(callWith(key))
  await assert.rejects(send(callWith(key, { body: { name: 'other' } })), { code: 'idempotency.reused', status: 422 })
  assert.equal(done.times, 1)
  for (const bad of ['', 'a b', 'é', 'x'.repeat(256)]) {
    await assert.rejects(send(callWith(bad)), { code: 'idempotency.bad_key' }, bad)
  }
})

test('of two at the same moment one is done, and the other is told to come again', async () => {
  const call = callWith(newKey())
  const begun = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  const parts = { db: db(), clock, secret }
  const first = once(parts, call, async () => {
    begun.resolve()
    await mayEnd.promise
    return json(201, { made: 1 })
  })
  await begun.promise
  await assert.rejects(
    once(parts, call, async () => json(201, { made: 2 })),
    {
      code: 'idempotency.in_progress',
      status: 409,
    },
  )
  mayEnd.resolve()
  assert.deepEqual(await first, json(201, { made: 1 }))
})

test('a refusal is not kept: what was in its way may be gone the next time', async () => {
  const refuse = refusals('things', { full: [409, 'Full.'] })
  const call = callWith(newKey())
  const parts = { db: db(), clock, secret }
  await assert.rejects(
    once(parts, call, () => Promise.reject(refuse('full'))),
    { code: 'things.full' },
  )
  assert.equal((await once(parts, call, async () => json(201, {}))).kind, 'json')
})

test('a write whose COMMIT got no answer is done once, and the second try gets its answer', async () => {
  const { done, send } = thing()
  const call = callWith(newKey())
  fault.losesNextCommit = true
  await assert.rejects(send(call), { name: 'DatabaseOutage', outcome: 'unknown' })
  const answered = await send(call)
  assert.equal(done.times, 1)
  assert.deepEqual(answered, { ...json(201, { made: 1, key: 'hf_once' }), headers: { 'idempotent-replayed': 'true' } })
})

test('keys of two callers, and of two addresses, do not meet', async () => {
  const { done, send } = thing()
  const key = newKey()
  await send(callWith(key))
  await send(
    callWith(key, { actor: { kind: 'person', id: 'usr_1', sessionId: 'ses_1', isStaff: true, impersonatorId: null } }),
  )
  await send(callWith(key, { actor: null, application: 'app_1' }))
  await send(callWith(key, { path: '/v1/others' }))
  await send(callWith(key, { method: 'PUT' }))
  assert.equal(done.times, 5)
})

test('what is kept is sealed: an answer may hold a token that is shown once', async () => {
  const { send } = thing()
  await send(callWith(newKey()))
  const rows = await onOneConnection(store.ownerUrl, ASK_MS, (ask) =>
    ask.many<{ text: string }>(sql`select idempotency_key::text as text from platform.idempotency_key limit 1000`),
  )
  assert.ok(rows.length > 0)
  assert.ok(rows.every(({ text }) => !text.includes('hf_once') && !text.includes('tok_1')))
})

test('after a day a key is forgotten, and only then', async () => {
  const { done, send } = thing()
  const call = callWith(newKey())
  await send(call)
  nowMs += KEY_KEPT_MS - 1
  assert.equal(await forgetIdempotencyKeys(db(), new Date(nowMs - 1000)), 0)
  await send(call)
  assert.equal(done.times, 1)
  nowMs += 1
  await send(call)
  assert.equal(done.times, 2)
  nowMs += KEY_KEPT_MS
  assert.ok((await forgetIdempotencyKeys(db(), clock.now())) > 0)
})
