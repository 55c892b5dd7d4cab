import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Clock } from '../../platform/clock.ts'
import {
  type Database,
  DatabaseOutage,
  type DatabaseServer,
  migrate,
  openDatabaseServer,
} from '../../platform/database/index.ts'
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
import { allScopes, type Scope, staffRoles } from '../environment/index.ts'
import * as signals from '../signals/index.ts'
import { migrations, openTokens, type Tokens } from './index.ts'

let nowMs = Date.parse('2026-11-21T08:00:00Z')
const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs }
const MINUTE_MS = 60_000

let store: TestDatabase
let database: DatabaseServer
let tokens: Tokens
let server: TestServer
let folder: string
/** What was asked of PostgreSQL, and whether it is there. */
const wire = { asked: 0, isAway: false }
const db = (): Database => {
  const real = database.database('request')
  const through = <T>(ask: () => Promise<T>): Promise<T> => {
    wire.asked++
    return wire.isAway ? Promise.reject(new DatabaseOutage('failed', 'cut by the test')) : ask()
  }
  return {
    many: (statement) => through(() => real.many(statement)),
    maybe: (statement) => through(() => real.maybe(statement)),
    one: (statement) => through(() => real.one(statement)),
    run: (statement) => through(() => real.run(statement)),
    gather: (write, item) => through(() => real.gather(write, item)),
    transaction: (work) => through(() => real.transaction(work)),
  }
}
const open = () =>
  openTokens({
    db: db(),
    background: database.database('background'),
    clock,
    secret: secretFrom(Buffer.alloc(32, 3)),
    environment: 'production',
    folder,
    scopesOf: (id) => staffRoles[id === 'usr_admin' ? 'administrator' : 'support'],
  })
/** Lets everybody in as whom the test says: a person, or the token of the header. */
const staff = (): Guard => async (call) => {
  const person = call.headers['x-person']
  const id = person ?? (await tokens.authenticate(call.headers.authorization ?? '')).id
  return { kind: person ? 'person' : 'token', id, sessionId: null, isStaff: true, impersonatorId: null }
}

before(async () => {
  folder = await makeTestFolder()
  store = await createTestDatabase()
  const sources = [signals.migrations, audit.migrations, migrations]
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog })
  tokens = await open()
  server = await openTestServer(tokens.routes(staff))
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await store.drop()
  await removeTestFolder(folder)
})

const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const asked = await server.ask(path, {
    method,
    headers: { 'x-person': 'usr_admin', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: asked.status, body: asked.text ? JSON.parse(asked.text) : undefined }
}
const make = async (scopes: Scope[] = ['users:read'], more: object = {}) => {
  // Ids of one millisecond stand in any order.
  nowMs++
  const { status, body } = await ask('POST', '/v1/tokens', { name: 'A program', scopes, ...more })
  assert.equal(status, 201, JSON.stringify(body))
  return body as { token: { id: string; hint: string; expires_at: string | null }; secret: string }
}
const bearer = (secret: string) => `Bearer ${secret}`
const refusedAs = (code: string) => ({ name: 'Refusal', code: `tokens.${code}` })
const runJob = (name: RegExp) => tokens.jobs.find((job) => name.test(job.name))!.run()

test('a token is shown once, is known by what it is, and lies nowhere in the open', async () => {
  const { token, secret } = await make(['users:read', 'audit:read'])
  assert.match(secret, /^hf_production_tok_[\w-]{43}$/)
  assert.equal(token.hint, secret.slice(-4))
  const known = await tokens.authenticate(bearer(secret))
  assert.deepEqual([known.id, [...known.scopes]], [token.id, ['users:read', 'audit:read']])
  const listed = JSON.stringify((await ask('GET', '/v1/tokens')).body)
  assert.ok(listed.includes(token.id) && !listed.includes(secret))
  const me = await server.ask('/v1/token', { headers: { authorization: bearer(secret) } })
  assert.deepEqual(JSON.parse(me.text), {
    id: token.id,
    name: 'A program',
    scopes: ['users:read', 'audit:read'],
    environment: 'production',
    expires_at: null,
  })
})

test('a token of another environment is refused before anything is asked of the store', async () => {
  const { secret } = await make()
  wire.asked = 0
  await assert.rejects(tokens.authenticate(bearer(secret.replace('hf_production', 'hf_demo'))), (error: Error) => {
    assert.match(error.message, /"demo".*"production"/)
    assert.ok(!error.message.includes(secret.slice(-20)))
    return true
  })
  assert.equal(wire.asked, 0)
})

test('whatever stands in the header Authorization, it is refused and nothing falls over', async () => {
  const fixed = [
    '',
    'Bearer',
    'Bearer ',
    'Basic x',
    'Bearer a b',
    `Bearer hf_production_tok_${'a'.repeat(44)}`,
    'bearer \u0000',
  ]
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom(...fixed))
  wire.asked = 0
  await fc.assert(
    fc.asyncProperty(hostile, (text) => assert.rejects(tokens.authenticate(text), refusedAs('malformed'))),
    { numRuns: 300 },
  )
  assert.equal(wire.asked, 0)
  await assert.rejects(tokens.authenticate(`Bearer hf_production_tok_${'a'.repeat(43)}`), refusedAs('unknown'))
})

test('a token goes on working for a minute while PostgreSQL is away; one that was not seen is unknown, never refused', async () => {
  const [seen, unseen] = [await make(), await make()]
  await tokens.authenticate(bearer(seen.secret))
  wire.isAway = true
  try {
    nowMs += MINUTE_MS
    assert.equal((await tokens.authenticate(bearer(seen.secret))).id, seen.token.id)
    await assert.rejects(tokens.authenticate(bearer(unseen.secret)), { name: 'DatabaseOutage' })
    const answered = await server.ask('/v1/token', { headers: { authorization: bearer(unseen.secret) } })
    assert.equal(answered.status, 503)
    nowMs += 1000
    await assert.rejects(tokens.authenticate(bearer(seen.secret)), { name: 'DatabaseOutage' })
  } finally {
    wire.isAway = false
  }
})

test('a revoked token is refused here at once, and elsewhere as soon as revocations are read', async () => {
  const { token, secret } = await make()
  const elsewhere = await open()
  await elsewhere.authenticate(bearer(secret))
  await tokens.authenticate(bearer(secret))
  assert.equal((await ask('DELETE', `/v1/tokens/${token.id}`)).status, 204)
  await assert.rejects(tokens.authenticate(bearer(secret)), refusedAs('revoked'))
  await elsewhere.authenticate(bearer(secret))
  await elsewhere.jobs.find((job) => /revoked/.test(job.name))!.run()
  await assert.rejects(elsewhere.authenticate(bearer(secret)), refusedAs('revoked'))
  // Once more changes nothing; what never was is not there.
  assert.equal((await ask('DELETE', `/v1/tokens/${token.id}`)).status, 204)
  assert.equal((await ask('DELETE', '/v1/tokens/tok_none')).body.code, 'tokens.no_token')
})

test('a token ends when it was said to, also one that is remembered', async () => {
  const { token, secret } = await make(['users:read'], { expires_in_days: 1 })
  assert.equal(token.expires_at, new Date(nowMs + 24 * 60 * MINUTE_MS).toISOString())
  nowMs += 24 * 60 * MINUTE_MS - 30_000
  await tokens.authenticate(bearer(secret))
  nowMs += 30_000
  await assert.rejects(tokens.authenticate(bearer(secret)), refusedAs('expired'))
  assert.equal((await ask('GET', `/v1/tokens/${token.id}`)).body.state, 'expired')
  for (const days of [0, -1, 401, 1.5]) {
    const answered = await ask('POST', '/v1/tokens', { name: 'x', scopes: ['users:read'], expires_in_days: days })
    assert.equal(answered.body.code, 'request.invalid', String(days))
  }
})

test('nobody gives what they have not: neither a support person nor a program', async () => {
  const support = { 'x-person': 'usr_support' }
  const wanted = { name: 'x', scopes: ['users:read', 'settings:write'] }
  const refused = await ask('POST', '/v1/tokens', wanted, support)
  assert.equal(refused.status, 403)
  assert.match(refused.body.detail, /settings:write\./)
  assert.equal((await ask('POST', '/v1/tokens', { name: 'x', scopes: ['users:read'] }, support)).status, 201)

  const { token, secret } = await make(['tokens:write', 'users:read'])
  const asToken = (body: unknown) =>
    server.ask('/v1/tokens', {
      method: 'POST',
      headers: { authorization: bearer(secret), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  assert.equal((await asToken(wanted)).status, 403)
  const made = await asToken({ name: 'x', scopes: ['users:read'] })
  assert.equal(JSON.parse(made.text).token.created_by, token.id)
  assert.equal((await ask('POST', '/v1/tokens', { name: 'x', scopes: ['all'] })).status, 400)
  assert.equal((await ask('POST', '/v1/tokens', { name: '  ', scopes: ['users:read'] })).body.code, 'tokens.bad_name')
})

test('when a token was used is written within a minute, and never on the way of a request', async () => {
  const { token, secret } = await make()
  await tokens.authenticate(bearer(secret))
  const used = nowMs
  assert.equal((await ask('GET', `/v1/tokens/${token.id}`)).body.last_used_at, null)
  await runJob(/were used/)
  assert.equal((await ask('GET', `/v1/tokens/${token.id}`)).body.last_used_at, new Date(used).toISOString())
})

test('tokens that were refused are one signal a round, however many they were', async () => {
  await runJob(/refused/)
  for (let count = 0; count < 50; count++) await assert.rejects(tokens.authenticate('Bearer nonsense'))
  await runJob(/refused/)
  await runJob(/refused/)
  const [newest] = await signals.newestSignals(database.database('background'), ['token.refused'], 1)
  assert.deepEqual(newest!.facts, { malformed: 50, tokens: [] })
})

test('tokens are listed newest first, page by page, by their state', async () => {
  const made = [await make(), await make(), await make()].map(({ token }) => token.id)
  const first = (await ask('GET', '/v1/tokens?limit=2&state=live')).body
  assert.deepEqual(
    first.data.map(({ id }: { id: string }) => id),
    made.slice(1).reverse(),
  )
  const next = (await ask('GET', `/v1/tokens?limit=1&cursor=${first.next_cursor}`)).body
  assert.equal(next.data[0].id, made[0])
  assert.equal((await ask('GET', '/v1/tokens?cursor=nonsense')).body.code, 'tokens.bad_cursor')
  assert.deepEqual(
    new Set((await ask('GET', '/v1/tokens?state=revoked')).body.data.map((each: { state: string }) => each.state)),
    new Set(['revoked']),
  )
  assert.equal(allScopes.length, 22)
})

const PAGE = 'https://app.acme.example'
const makeForBrowsers = async (body: object = {}) => {
  nowMs++
  const { status, body: made } = await ask('POST', '/v1/browser-tokens', { name: 'Shop', origins: [PAGE], ...body })
  assert.equal(status, 201, JSON.stringify(made))
  return made as { token: { id: string; kind: string; origins: string[]; scopes: Scope[] }; secret: string }
}

test('a browser token asks flags from its own pages, and does nothing else', async () => {
  const { token, secret } = await makeForBrowsers()
  assert.match(secret, /^hf_production_browser_[\w-]{43}$/)
  assert.deepEqual([token.kind, token.origins, token.scopes], ['browser', [PAGE], []])
  const { flagAskers } = tokens
  assert.equal(flagAskers.findAtOnce({ text: secret, origin: PAGE }), undefined, 'not known before it was looked up')
  for (const origin of [PAGE, undefined]) {
    assert.deepEqual(await flagAskers.find({ text: secret, origin }), { id: token.id, kind: 'browser' })
    assert.deepEqual(flagAskers.findAtOnce({ text: secret, origin }), { id: token.id, kind: 'browser' })
  }
  for (const origin of ['https://evil.example', 'null', `${PAGE}:8443`]) {
    await assert.rejects(flagAskers.find({ text: secret, origin }), refusedAs('foreign_page'))
  }
  await assert.rejects(tokens.authenticate(bearer(secret)), refusedAs('browser_only'))
})

test('a program asks flags with one of two scopes, and with no other', async () => {
  for (const scope of ['flags:evaluate', 'flags:read'] as const) {
    const { token, secret } = await make([scope])
    assert.equal((await tokens.flagAskers.find({ text: secret, origin: undefined })).id, token.id)
  }
  const { secret } = await make(['users:read'])
  await assert.rejects(tokens.flagAskers.find({ text: secret, origin: undefined }), refusedAs('cannot_evaluate'))
})

test('origins are as browsers send them, over a safe way, and nobody gives what they have not', async () => {
  for (const origin of ['http://app.acme.example', 'https://app.acme.example/', 'https://*.acme.example', 'x']) {
    const { status, body } = await ask('POST', '/v1/browser-tokens', { name: 'Shop', origins: [origin] })
    assert.deepEqual([status, body.code], [400, 'tokens.bad_origin'])
  }
  await makeForBrowsers({ origins: ['http://localhost:5173'] })
  const support = { 'x-person': 'usr_support' }
  const { body } = await ask('POST', '/v1/browser-tokens', { name: 'Shop', origins: [PAGE] }, support)
  assert.equal(body.code, 'tokens.beyond_own')
})

test('tokens that ask flags are known in an outage, also to a process that starts in it, until they are revoked', async () => {
  const { token, secret } = await makeForBrowsers()
  const program = await make(['flags:evaluate'])
  await runJob(/ask flags/)
  wire.isAway = true
  try {
    const started = await open()
    for (const each of [tokens, started]) {
      assert.equal(each.flagAskers.findAtOnce({ text: secret, origin: PAGE })?.id, token.id)
      assert.equal(each.flagAskers.findAtOnce({ text: program.secret, origin: undefined })?.id, program.token.id)
      assert.ok(each.flagAskers.hasOrigin(PAGE) && !each.flagAskers.hasOrigin('https://evil.example'))
    }
    const unseen = `hf_production_browser_${'b'.repeat(43)}`
    await assert.rejects(started.flagAskers.find({ text: unseen, origin: PAGE }), { name: 'DatabaseOutage' })
    assert.equal(started.flagAskers.stateOf('tok_other'), 'unknown')
  } finally {
    wire.isAway = false
  }
  const elsewhere = await open()
  await ask('DELETE', `/v1/tokens/${token.id}`)
  await elsewhere.flagAskers.reload()
  for (const each of [tokens, elsewhere]) {
    await assert.rejects(each.flagAskers.find({ text: secret, origin: PAGE }), refusedAs('revoked'))
  }
  assert.equal(elsewhere.flagAskers.stateOf(token.id), 'ended')
})

test('damaged bytes on disk stop no start', async () => {
  await writeFile(join(folder, 'flag-tokens.json'), '[{"id":')
  const started = await open()
  await started.flagAskers.reload()
  const { token, secret } = await makeForBrowsers()
  await started.flagAskers.reload()
  assert.equal(started.flagAskers.findAtOnce({ text: secret, origin: PAGE })?.id, token.id)
})
