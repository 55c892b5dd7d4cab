import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { forwardedMessage } from '../../../sdk/contract.ts'
import type { Clock } from '../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import type { Guard } from '../../platform/http/index.ts'
import { openTestServer, type TestServer } from '../../platform/http/testing.ts'
import { silentLog } from '../../platform/log.ts'
import { secretFrom } from '../../platform/secret.ts'
import {
  createTestDatabase,
  makeTestFolder,
  removeTestFolder,
  type TestDatabase,
} from '../../platform/testing/index.ts'
import * as audit from '../audit/index.ts'
import { forwardKeyOf } from './application.ts'
import { type ApplicationDirectory, migrations, openApplicationDirectory, openApplications } from './index.ts'

const DAY_MS = 24 * 60 * 60_000
let nowMs = Date.parse('2026-11-21T08:00:00Z')
const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs }
const secret = secretFrom(Buffer.alloc(32, 5))

let store: TestDatabase
let database: DatabaseServer
let folder: string
let directory: ApplicationDirectory
let front: ReturnType<typeof openApplications>
let server: TestServer
/** Whose sessions were to be ended, and whether that fails. */
const ends = { asked: [] as string[], fails: false }

const staff = (): Guard => async () => ({
  kind: 'person',
  id: 'usr_admin',
  sessionId: 'ses_1',
  isStaff: true,
  impersonatorId: null,
})

before(async () => {
  store = await createTestDatabase()
  const sources = [audit.migrations, migrations]
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog })
  folder = await makeTestFolder()
  const db = database.database('background')
  const common = { clock, secret, environment: 'production', log: silentLog }
  directory = await openApplicationDirectory({ ...common, db, folder })
  front = openApplications({
    ...common,
    db: database.database('request'),
    background: db,
    directory,
    url: 'https://id.acme.example',
    countLive: async (audiences) => new Map(audiences.map((each) => [each, 7])),
    async endSessionsOf({ audience }) {
      ends.asked.push(audience)
      if (ends.fails) throw new Error('stopped in between')
    },
  })
  server = await openTestServer(front.routes(staff))
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await store.drop()
  removeTestFolder(folder)
})

const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const json = body !== undefined && { 'content-type': 'application/json' }
  const init = { method, headers: { ...json, ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) }
  const asked = await server.ask(path, init)
  return { status: asked.status, body: asked.text ? JSON.parse(asked.text) : undefined }
}
let made = 0
const make = async (more: object = {}) => {
  nowMs++
  const origins = [`https://app-${++made}.acme.example`]
  const { status, body } = await ask('POST', '/v1/applications', { name: 'Notes', origins, ...more })
  assert.equal(status, 201, JSON.stringify(body))
  return { ...(body as { application: { id: string; origins: string[] }; key: string }), origin: origins[0]! }
}
const isGood = (key: string) => {
  try {
    return directory.authenticate(`Bearer ${key}`).id
  } catch {
    return undefined
  }
}
function isSigned(key: string, application: string, origin: string) {
  const parts = {
    timestampMs: nowMs,
    application,
    method: 'GET',
    path: '/',
    forwarded: `for=192.0.2.7;origin=${origin};prefix=`,
  }
  const signature = createHmac('sha256', forwardKeyOf(key)).update(forwardedMessage(parts)).digest('base64url')
  const headers = {
    'holdfast-application': application,
    'holdfast-forwarded': parts.forwarded,
    'holdfast-signature': `t=${nowMs},v1=${signature}`,
  }
  try {
    return directory.readForwarded({ method: 'GET', path: '/', headers })?.application === application
  } catch {
    return false
  }
}

test('an application is made with its key, known at once, listed and changed', async () => {
  const { application, key, origin } = await make({ brand: { name: 'Acme Notes' } })
  assert.equal(isGood(key), application.id)
  assert.equal(directory.findByOrigin(origin)?.id, application.id)
  const { body: listed } = await ask('GET', '/v1/applications?query=notes&limit=1')
  assert.equal(listed.data[0].id, application.id)
  assert.equal(listed.data[0].live_sessions, 7)
  assert.ok(!JSON.stringify(listed).includes(key))

  const told: unknown[] = []
  const stop = directory.onChange(() => told.push(directory.find(application.id)?.on_unknown))
  const on_unknown = { policy: 'refuse', max_age_s: 600 }
  const changed = await ask('PATCH', `/v1/applications/${application.id}`, {
    on_unknown,
    brand: { support_url: 'mailto:help@acme.example' },
  })
  stop()
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  assert.deepEqual(told, [on_unknown])
  assert.equal(changed.body.brand.name, 'Acme Notes')
  assert.equal(changed.body.brand.support_url, 'mailto:help@acme.example')
  assert.deepEqual(changed.body.origins, [origin])
})

test('an origin is exact, https or on the loopback, and of one application only', async () => {
  const bad = [
    'https://app.acme.example/',
    'https://app.acme.example/path',
    'https://*.acme.example',
    'http://app.acme.example',
    'https://APP.acme.example',
    'https://app.acme.example:443',
    'https://user@app.acme.example',
    'ftp://app.acme.example',
    'null',
    '',
    `https://${'a'.repeat(300)}.example`,
  ]
  for (const origin of bad) {
    const { status, body } = await ask('POST', '/v1/applications', { name: 'x', origins: [origin] })
    assert.equal(status, 400, `${origin}: ${JSON.stringify(body)}`)
  }
  const ours = await ask('POST', '/v1/applications', { name: 'x', origins: ['https://id.acme.example'] })
  assert.equal(ours.body.code, 'applications.own_origin')
  await make({ origins: ['http://localhost:4300', 'http://127.0.0.1:4300'] })

  const { origin } = await make()
  const both = [`https://new-${made}.example`, origin]
  assert.equal(
    (await ask('POST', '/v1/applications', { name: 'x', origins: both })).body.code,
    'applications.origin_taken',
  )
  const other = await make()
  const taking = await ask('PATCH', `/v1/applications/${other.application.id}`, { origins: [origin] })
  assert.equal(taking.status, 409)
  const many = Array.from({ length: 21 }, (_, index) => `https://a${index}.example`)
  assert.equal((await ask('POST', '/v1/applications', { name: 'x', origins: many })).status, 400)
})

test('of several that want one origin at the same moment, one gets it', async () => {
  const origins = ['https://wanted.example']
  const answers = await Promise.all([1, 2, 3].map(() => ask('POST', '/v1/applications', { name: 'x', origins })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409])
})

test('after a rotation both keys are good for a day, for Bearer and for signatures, and then the new one alone', async () => {
  const { application, key: old, origin } = await make()
  const rotated = await ask('POST', `/v1/applications/${application.id}/key-rotations`, {})
  assert.equal(rotated.status, 201, JSON.stringify(rotated.body))
  const fresh = rotated.body.key as string
  assert.equal(rotated.body.previous_key_valid_until, new Date(nowMs + DAY_MS).toISOString())
  for (const key of [old, fresh]) {
    assert.equal(isGood(key), application.id)
    assert.ok(isSigned(key, application.id, origin))
  }
  nowMs += DAY_MS
  assert.equal(isGood(old), undefined)
  assert.ok(!isSigned(old, application.id, origin))
  assert.ok(isSigned(fresh, application.id, origin))
  assert.equal((await ask('GET', `/v1/applications/${application.id}`)).body.previous_key_valid_until, null)
})

test('a key that somebody else may have is void at once', async () => {
  const { application, key, origin } = await make()
  const path = `/v1/applications/${application.id}/key-rotations`
  const { body } = await ask('POST', path, { revoke_previous: true })
  assert.equal(body.previous_key_valid_until, null)
  assert.equal(isGood(key), undefined)
  assert.ok(!isSigned(key, application.id, origin))
  assert.equal(isGood(body.key), application.id)
})

test('a rotation that is sent twice makes one key', async () => {
  const { application } = await make()
  const path = `/v1/applications/${application.id}/key-rotations`
  const key = { 'idempotency-key': 'rotate-1' }
  const [first, second] = [await ask('POST', path, {}, key), await ask('POST', path, {}, key)]
  assert.equal(first.body.key, second.body.key)
  assert.equal(isGood(second.body.key), application.id)
})

test('a deleted application is nobody’s any more, its sessions end also after a crash, and its origin is free', async () => {
  const { application, key, origin } = await make()
  ends.asked = []
  ends.fails = true
  assert.equal((await ask('DELETE', `/v1/applications/${application.id}`)).status, 204)
  assert.equal(isGood(key), undefined)
  assert.equal(directory.find(application.id), undefined)
  assert.equal((await ask('GET', `/v1/applications/${application.id}`)).body.code, 'applications.no_application')
  await assert.rejects(front.jobs[0]!.run(), /in between/)

  ends.fails = false
  await front.jobs[0]!.run()
  assert.ok(ends.asked.filter((each) => each === application.id).length >= 2)
  // Once more when every process has heard of it; from then on it is done.
  nowMs += DAY_MS
  await front.jobs[0]!.run()
  ends.asked = []
  await front.jobs[0]!.run()
  assert.deepEqual(ends.asked, [])
  await make({ origins: [origin] })
  await directory.register({ id: application.id, name: 'Again', origins: ['https://again.example'] })
  assert.equal(directory.find(application.id), undefined)
})

test('a file that the previous release kept is understood, and what it did not know is as it was then', async () => {
  const older = await makeTestFolder()
  const { application, key } = await make()
  const known = directory.find(application.id)!
  const { writeFile } = await import('node:fs/promises')
  const { digestOfKey } = await import('./application.ts')
  const row = {
    id: known.id,
    name: 'Notes',
    origins: known.origins,
    key_digest: digestOfKey(key).toString('base64'),
    forward_key_sealed: null,
  }
  await writeFile(`${older}/applications.json`, JSON.stringify([row]))
  const db = database.database('background')
  const started = await openApplicationDirectory({ db, clock, secret, environment: 'production', folder: older })
  assert.equal(started.authenticate(`Bearer ${key}`).id, application.id)
  assert.deepEqual(started.find(application.id)?.on_unknown, { policy: 'serve', max_age_s: 86_400 })
  removeTestFolder(older)
})
