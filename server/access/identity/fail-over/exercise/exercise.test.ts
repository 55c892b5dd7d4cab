import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { cookieName, cookies, EXERCISE_AUDIENCE, headers } from '../../../../../sdk/contract.ts'
import { type Database, DatabaseOutage, type DatabaseServer, sql } from '../../../../platform/database/index.ts'
import type { Call } from '../../../../platform/http/index.ts'
import { newSecret } from '../../../../platform/id.ts'
import { withoutProviders } from '../../../providers/index.ts'
import type { Verdict } from '../../../providers/index.ts'
import { staffIn } from '../../organizations/testing.ts'
import type { Parts } from '../../parts.ts'
import { openRig, type RigOptions } from '../../testing.ts'
import { testProvider } from '../readiness/testing.ts'
import { makeExerciseKey } from './authenticator.ts'
import { exerciseFallBack, exerciseNow } from './exercise-fall-back.ts'

const exerciser = { processId: 'test 1', key: makeExerciseKey() }

async function openExercise(options: Omit<RigOptions, 'routes'> = {}) {
  let parts: Parts | undefined
  const rig = await openRig({
    ...options,
    routes: (given) => {
      parts = given
      return []
    },
  })
  return { rig, parts: parts!, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() }
}

/** Pools that a test can take away, and what was asked of each. */
function tappable() {
  const away = new Set<string>()
  const asked: string[] = []
  const tap = (purpose: string, real: Database): Database => {
    const look = () => {
      asked.push(purpose)
      if (away.has(purpose)) throw new DatabaseOutage('failed', 'no connection was free within 750 ms')
    }
    const looking =
      <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
      async (...args: Args) => {
        look()
        return work(...args)
      }
    return {
      many: looking(real.many) as Database['many'],
      maybe: looking(real.maybe) as Database['maybe'],
      one: looking(real.one) as Database['one'],
      run: looking(real.run),
      gather: looking(real.gather) as Database['gather'],
      transaction: looking(real.transaction) as Database['transaction'],
    }
  }
  const wrap = (server: DatabaseServer): DatabaseServer => ({
    ...server,
    database: (purpose) => tap(purpose, server.database(purpose)),
  })
  return { away, asked, wrap }
}

interface Told {
  data: { method: string; is_good: boolean; detail: string | null; at: string }[]
  standing: { method: string; last_good_at: string | null; is_failing: boolean; is_stale: boolean }[]
  next_cursor: string | null
}

test('the fall-back is exercised by a real ceremony and a real code, and nothing of it stays but that it worked', async () => {
  await using at = await openExercise({ signUp: 'closed' })
  const { rig, parts } = at
  const tables = await rig.db.many<{ name: string }>(sql`
    select schemaname || '.' || quote_ident(tablename) as name
      from pg_catalog.pg_tables
     where schemaname in ('identity', 'sessions', 'audit', 'signals', 'tenants', 'environment')
     order by 1
     limit 1000`)
  const rows = async () =>
    Object.fromEntries(
      await Promise.all(
        tables.map(async ({ name }) => {
          const { total } = await rig.db.one<{ total: number }>({
            text: `select count(*)::int as total from ${name}`,
            values: [],
          })
          return [name, total]
        }),
      ),
    )
  const before = await rows()
  await exerciseNow(parts, exerciser)
  const { 'identity.fail_over_exercise': exercises, ...after } = await rows()
  const { 'identity.fail_over_exercise': none, ...others } = before
  assert.deepEqual([none, exercises], [0, 2])
  assert.deepEqual(after, others)
  assert.deepEqual(rig.sent, [])
  assert.equal(rig.sessions.figures().known, 0)
  const told = await rig.db.many<{ method: string; is_good: boolean; detail: string | null }>(sql`
    select method, is_good, detail
      from identity.fail_over_exercise
     order by id
     limit 10`)
  assert.deepEqual(told, [
    { method: 'passkey', is_good: true, detail: null },
    { method: 'code', is_good: true, detail: null },
  ])
})

test('one process of the installation exercises, and again when three minutes are over', async () => {
  await using at = await openExercise()
  const { rig, parts } = at
  const count = async () =>
    (await rig.db.one<{ total: number }>(sql`select count(*)::int as total from identity.fail_over_exercise`)).total
  const round = () =>
    Promise.all([1, 2, 3].map((number) => exerciseFallBack(parts, { ...exerciser, processId: `process ${number}` })))
  await round()
  assert.equal(await count(), 2)
  rig.clock.advance(179_000)
  await round()
  assert.equal(await count(), 2)
  rig.clock.advance(1000)
  await round()
  assert.equal(await count(), 4)
})

test('a fall-back that fails twice in a row is told once, and told again when it works', async () => {
  const { away, wrap } = tappable()
  await using at = await openExercise({ wrap })
  const { rig, parts } = at
  const staff = await staffIn(rig)
  const signals = async () => {
    const rows = await rig.db.many<{ kind: string; subject: string }>(sql`
      select kind, subject
        from signals.signal
       where kind like 'fail-over.%'
       order by at, kind, subject
       limit 100`)
    return rows.map(({ kind, subject }) => `${kind} ${subject}`)
  }
  const told = async () => (await staff.ask('GET', '/v1/fail-over/exercises')).body as unknown as Told

  await exerciseNow(parts, exerciser)
  away.add('fallback')
  rig.clock.advance(180_000)
  await exerciseNow(parts, exerciser)
  assert.deepEqual(await signals(), [])
  rig.clock.advance(180_000)
  await exerciseNow(parts, exerciser)
  rig.clock.advance(180_000)
  await exerciseNow(parts, exerciser)
  assert.deepEqual(await signals(), ['fail-over.exercise-failing code', 'fail-over.exercise-failing passkey'])
  const failing = await told()
  assert.equal(failing.data[0]!.detail, 'The database: no connection was free within 750 ms.')
  assert.deepEqual(
    failing.standing.map(({ method, is_failing, is_stale }) => [method, is_failing, is_stale]),
    [
      ['passkey', true, false],
      ['code', true, false],
    ],
  )

  away.clear()
  rig.clock.advance(1000)
  await exerciseNow(parts, exerciser)
  assert.deepEqual((await signals()).slice(2), ['fail-over.exercise-good code', 'fail-over.exercise-good passkey'])
  assert.deepEqual(
    (await told()).standing.map((each) => each.is_failing),
    [false, false],
  )

  rig.clock.advance(15 * 60_000 + 1)
  // The console's own session needs no fresh sign-in for a look.
  assert.deepEqual(
    (await told()).standing.map((each) => each.is_stale),
    [true, true],
  )
  const first = await staff.ask('GET', '/v1/fail-over/exercises?limit=4')
  const rest = await staff.ask('GET', `/v1/fail-over/exercises?limit=200&cursor=${first.body.next_cursor}`)
  assert.deepEqual([(rest.body as unknown as Told).data.length, rest.body.next_cursor], [6, null])
})

test('a session of the exercise is valid nowhere, even where somebody had its handle', async () => {
  await using at = await openExercise()
  const { rig } = at
  const staff = await staffIn(rig)
  const call: Call = {
    ...{ method: 'POST', path: '/', body: undefined, query: undefined, params: undefined, headers: {}, cookies: {} },
    ...{ address: '127.0.0.1', origin: 'http://localhost:4000', isSecure: false, prefix: '', application: null },
    signal: AbortSignal.timeout(60_000),
    actor: null,
  }
  const user = { id: staff.id, email: staff.email, name: null, picture_url: null }
  const issued = await rig.sessions.issue(call, { user, audience: EXERCISE_AUDIENCE, amr: ['hwk'], acr: 'multiple' })
  assert.deepEqual(issued.cookies, [])

  const handle = newSecret()
  await rig.db.run(sql`
    insert into sessions.handle (digest, session_id, issued_at)
    values (${createHash('sha256').update(handle).digest()}, ${issued.session.id}, ${rig.clock.now()})`)
  for (const [name, audience] of [
    [cookies.handle, {}],
    [cookies.console, { [headers.audience]: 'console' }],
  ] as const) {
    const browser = rig.browser()
    const line = cookieName(name, false)
    browser.jar.set(line, handle)
    for (const path of ['/v1/session', '/v1/forward-auth', '/v1/users', '/v1/account/passkeys']) {
      const seen = await browser.request(path, { headers: { accept: 'application/json', ...audience } })
      assert.ok([401, 403].includes(seen.status), `${path} as ${name}: ${seen.status} ${seen.text}`)
    }
  }
})

test('while a provider is down people get in by a pool of their own, though nothing else gets a connection', async () => {
  const { away, asked, wrap } = tappable()
  const provider = testProvider({ id: 'prv_auth0' })
  const verdict: { now: Verdict | undefined } = { now: undefined }
  await using at = await openExercise({
    wrap,
    providers: {
      ...withoutProviders(),
      offered: () => [provider],
      verdictOf: () => verdict.now,
      verdictIn: async () => verdict.now,
    },
  })
  const { rig } = at
  const ordinary = rig.browser()
  assert.equal((await ordinary.signIn(rig, 'ana@acme.test')).status, 303)
  assert.ok(!asked.includes('fallback'))

  const now = rig.clock.now()
  verdict.now = {
    ...{ provider_id: provider.id, epoch: 1, state: 'down', since: now, open_since: now, closed_at: null },
    ...{ decided_at: now, decided_by: 'holdfast', ordered: null, ordered_reason: null, ordered_by: null },
    ordered_at: null,
    ordered_until: null,
    why: { sentence: 'It does not answer.', faults: [], processes: { saw: 1, live: 1 }, is_control_good: true },
  }
  away.add('request')
  const browser = rig.browser()
  assert.equal((await browser.signIn(rig, 'ana@acme.test')).status, 303)
  assert.ok(asked.includes('fallback'))
  away.clear()
  assert.equal((await browser.get('/account')).status, 200)
})
