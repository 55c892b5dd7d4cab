import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { forwardedMessage } from '../../../sdk/contract.ts'
import type { Clock } from '../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import { silentLog } from '../../platform/log.ts'
import { SecretRefused, secretFrom } from '../../platform/secret.ts'
import {
  createTestDatabase,
  makeTestFolder,
  removeTestFolder,
  type TestDatabase,
} from '../../platform/testing/index.ts'
import { forwardKeyOf } from './application.ts'
import { type ApplicationDirectory, migrations, openApplicationDirectory } from './index.ts'

const ORIGIN = 'https://app.acme.example'
const secret = secretFrom(Buffer.alloc(32, 5))
let nowMs = Date.parse('2026-11-21T08:00:00Z')
const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs }

let store: TestDatabase
let database: DatabaseServer
let folder: string
let directory: ApplicationDirectory
let key: string
before(async () => {
  store = await createTestDatabase()
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources: [migrations], log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog })
  folder = await makeTestFolder()
  directory = await open()
  key = await directory.register({ id: 'app_acme', name: 'Acme', origins: [ORIGIN, 'http://127.0.0.1:4200'] })
})
after(async () => {
  await database[Symbol.asyncDispose]()
  await store.drop()
  removeTestFolder(folder)
})

const open = (options: Partial<Parameters<typeof openApplicationDirectory>[0]> = {}) =>
  openApplicationDirectory({
    db: database.database('background'),
    clock,
    secret,
    environment: 'production',
    folder,
    ...options,
  })

interface Signing {
  key: string
  application: string
  method: string
  path: string
  forwarded: string
  timestampMs: number
}
const asSent = (): Signing => ({
  key,
  application: 'app_acme',
  method: 'POST',
  path: '/sign-in?return_to=%2F',
  forwarded: `for=192.0.2.7;origin=${ORIGIN};prefix=/auth`,
  timestampMs: nowMs,
})

function signed(changes: Partial<Signing> = {}): { method: string; path: string; headers: IncomingHttpHeaders } {
  const sent = { ...asSent(), ...changes }
  const signature = createHmac('sha256', forwardKeyOf(sent.key)).update(forwardedMessage(sent)).digest('base64url')
  return {
    method: sent.method,
    path: sent.path,
    headers: {
      'holdfast-application': sent.application,
      'holdfast-forwarded': sent.forwarded,
      'holdfast-signature': `t=${sent.timestampMs},v1=${signature}`,
    },
  }
}

test('a signed request speaks for its browser: address, origin and prefix', () => {
  assert.deepEqual(directory.readForwarded(signed()), {
    application: 'app_acme',
    address: '192.0.2.7',
    origin: ORIGIN,
    prefix: '/auth',
  })
  const elsewhere = signed({ forwarded: 'for=2001:db8::1;origin=http://127.0.0.1:4200;prefix=' })
  assert.deepEqual(directory.readForwarded(elsewhere), {
    application: 'app_acme',
    address: '2001:db8::1',
    origin: 'http://127.0.0.1:4200',
    prefix: '',
  })
})

test('a request without a signature is nobody’s', () => {
  assert.equal(directory.readForwarded({ method: 'GET', path: '/', headers: {} }), undefined)
})

const refused = (request: ReturnType<typeof signed>, code: string, name = code) =>
  assert.throws(() => directory.readForwarded(request), { name: 'Refusal', code: `applications.${code}` }, name)

test('what was changed after it was signed is refused', () => {
  const sent = signed()
  refused({ ...sent, method: 'GET' }, 'bad_signature', 'method')
  refused({ ...sent, path: '/sign-in?return_to=%2Fevil' }, 'bad_signature', 'path')
  refused({ ...sent, path: '/sign-out' }, 'bad_signature', 'another path')
  const with_ = (name: string, value: string | string[]) => ({ ...sent, headers: { ...sent.headers, [name]: value } })
  refused(with_('holdfast-forwarded', `for=192.0.2.8;origin=${ORIGIN};prefix=/auth`), 'bad_signature', 'address')
  const signature = String(sent.headers['holdfast-signature'])
  refused(with_('holdfast-signature', signature.replace(/t=\d+/, `t=${nowMs + 1}`)), 'bad_signature', 'time')
  for (const forged of [
    '',
    't=1',
    `t=${nowMs},v1=`,
    `${signature}A`,
    `v1=x,${signature}`,
    `t=${nowMs},v1=${'A'.repeat(43)}`,
  ]) {
    refused(with_('holdfast-signature', forged), 'bad_signature', forged)
  }
})

test('a header that comes twice is refused', () => {
  const sent = signed()
  const twice = (name: string) => ({
    ...sent,
    headers: { ...sent.headers, [name]: `${String(sent.headers[name])}, ${String(sent.headers[name])}` },
  })
  refused(twice('holdfast-signature'), 'bad_signature')
  refused(twice('holdfast-forwarded'), 'bad_signature')
  refused(twice('holdfast-application'), 'unknown_application')
})

test('half of a signature is refused, not taken for none', () => {
  const sent = signed()
  for (const name of Object.keys(sent.headers)) {
    const { [name]: _, ...others } = sent.headers
    refused({ ...sent, headers: others }, 'half_signed', name)
  }
})

test('a request that is more than a minute old, or from the future, is refused: it may be a replay', () => {
  const sent = signed()
  const sentAt = nowMs
  for (const [offsetMs, isGood] of [
    [59_000, true],
    [61_000, false],
    [-61_000, false],
  ] as const) {
    nowMs = sentAt + offsetMs
    if (isGood) assert.ok(directory.readForwarded(sent))
    else refused(sent, 'clock_skew')
  }
  nowMs = sentAt
})

test('an application that is not known, or signs with another’s key, is refused', async () => {
  const other = await directory.register({ id: 'app_other', name: 'Other', origins: ['https://other.example'] })
  refused(signed({ application: 'app_nobody' }), 'unknown_application')
  refused(signed({ application: 'app_nobody'.padEnd(500, 'x') }), 'unknown_application')
  refused(signed({ key: other }), 'bad_signature')
  refused(signed({ key: other, application: 'app_other' }), 'foreign_origin')
})

test('an origin that is not registered is refused, however much it looks like one', () => {
  for (const origin of ['https://evil.test', `${ORIGIN}.evil.test`, `${ORIGIN}/`, ORIGIN.toUpperCase(), 'null', '']) {
    refused(signed({ forwarded: `for=192.0.2.7;origin=${origin};prefix=/auth` }), 'foreign_origin', origin)
  }
})

test('a part that comes twice, is missing, or is none is refused', () => {
  for (const forwarded of [
    `for=192.0.2.7;origin=https://evil.test;origin=${ORIGIN};prefix=/auth`,
    `for=192.0.2.7;for=192.0.2.8;origin=${ORIGIN};prefix=/auth`,
    `origin=${ORIGIN};prefix=/auth`,
    `for=somebody;origin=${ORIGIN};prefix=/auth`,
    `for=192.0.2.7;origin=${ORIGIN};prefix=//evil.test`,
    `for=192.0.2.7;origin=${ORIGIN};prefix=/auth/`,
    '',
  ]) {
    refused(signed({ forwarded }), 'bad_forwarded', forwarded)
  }
  refused(signed({ forwarded: `for=192.0.2.7;origin=${ORIGIN}${'x'.repeat(600)};prefix=` }), 'bad_signature')
  assert.equal(
    directory.readForwarded(signed({ forwarded: `for=unknown;origin=${ORIGIN};prefix=/auth` }))?.address,
    'unknown',
  )
})

test('an application is known by its key, and by nothing else', () => {
  assert.equal(directory.authenticate(`Bearer ${key}`).id, 'app_acme')
  assert.equal(directory.authenticate(`bearer ${key}`).id, 'app_acme')
  const why = (authorization: string | undefined, code: string) =>
    assert.throws(() => directory.authenticate(authorization), { code: `applications.${code}` }, authorization)
  why(undefined, 'key_missing')
  why('', 'key_missing')
  why(`Basic ${key}`, 'key_missing')
  why(`Bearer ${key} ${key}`, 'key_missing')
  why(`Bearer ${'x'.repeat(200)}`, 'key_missing')
  why(`Bearer ${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, 'key_unknown')
  why('Bearer nonsense', 'key_unknown')
})

test('a key of another environment is refused by its prefix, with both names and without the key', () => {
  const foreign = key.replace('hf_production_', 'hf_demo_')
  assert.throws(
    () => directory.authenticate(`Bearer ${foreign}`),
    (error: Error) => {
      assert.match(error.message, /"demo".*"production"/)
      assert.ok(!error.message.includes(foreign.slice(-20)))
      return true
    },
  )
})

test('a new key makes the old one void at once', async () => {
  const first = await directory.register({ id: 'app_turn', name: 'Turn', origins: ['https://turn.example'] })
  const second = await directory.register({ id: 'app_turn', name: 'Turn', origins: ['https://turn.example'] })
  assert.throws(() => directory.authenticate(`Bearer ${first}`), { code: 'applications.key_unknown' })
  assert.equal(directory.authenticate(`Bearer ${second}`).id, 'app_turn')
})

test('applications are found by their id and their origins', () => {
  assert.equal(directory.find('app_acme')?.name, 'Acme')
  assert.equal(directory.findByOrigin('http://127.0.0.1:4200')?.id, 'app_acme')
  assert.equal(directory.findByOrigin('https://evil.test'), undefined)
})

test('a process that starts in an outage knows the applications it knew', async () => {
  await directory.reload()
  await using away = openDatabaseServer({
    url: 'postgres://nobody@127.0.0.1:1/none',
    name: 'test',
    clock,
    log: silentLog,
  })
  const started = await open({ db: away.database('background') })
  assert.equal(started.authenticate(`Bearer ${key}`).id, 'app_acme')
  assert.equal(started.readForwarded(signed())?.application, 'app_acme')
  await assert.rejects(started.reload(), { name: 'DatabaseOutage' })
  assert.equal(started.find('app_acme')?.name, 'Acme')
})

test('neither the key nor what it signs with lies on disk', async () => {
  const text = await readFile(join(folder, 'applications.json'), 'utf8')
  assert.ok(text.includes('app_acme'))
  assert.ok(!text.includes(key.slice(-43)))
  assert.ok(!text.includes(forwardKeyOf(key).toString('base64').slice(0, 20)))
})

test('a damaged file stops no start: it is told, and written anew from the database', async () => {
  const place = await makeTestFolder()
  const file = join(place, 'applications.json')
  for (const damaged of ['[{"id":"app_', '{}', 'null', '[null]', '[{"name":"no id"}]']) {
    await writeFile(file, damaged)
    const warnings: unknown[] = []
    const started = await open({ folder: place, log: { warn: (...said: unknown[]) => void warnings.push(said) } })
    assert.equal(started.find('app_acme'), undefined)
    assert.equal(warnings.length, 1, damaged)
    await started.reload()
    assert.equal(started.find('app_acme')?.name, 'Acme')
    assert.match(await readFile(file, 'utf8'), /"app_acme"/)
  }
  removeTestFolder(place)
})

test('with the secret of another installation nothing is opened, and one line says so', async () => {
  await assert.rejects(open({ secret: secretFrom(Buffer.alloc(32, 6)) }), (error: Error) => {
    assert.ok(error instanceof SecretRefused)
    assert.match(error.message, /sealed with another secret.*HOLDFAST_SECRET_FILE/)
    return true
  })
})
