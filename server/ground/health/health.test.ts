import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { DatabaseOutage } from '../../platform/database/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import { openTestServer } from '../../platform/http/testing.ts'
import { type Logger, silentLog } from '../../platform/log.ts'
import { overallState } from './dependency.ts'
import { type Dependency, healthRoutes, openMetrics, startFigures } from './index.ts'

const NOW = new Date('2026-11-21T08:00:00Z')
const clock = { now: () => NOW, monotonicMs: () => 0 }

const database: Dependency = {
  name: 'database',
  state: 'unknown',
  since: new Date(NOW.getTime() - 5000),
  seenAt: new Date(NOW.getTime() - 7000),
  detail: 'PostgreSQL does not answer.',
}
const mail: Dependency = { ...database, name: 'mail A', state: 'ok', seenAt: null, detail: 'Not tried yet.' }

const ana: Actor = { kind: 'person', id: 'usr_ana', sessionId: 'ses_1', isStaff: true, impersonatorId: null }

async function openHealth(dependencies: readonly Dependency[], caller: Actor | null = ana) {
  const metrics = openMetrics()
  metrics.gauge('known_sessions', 'Sessions in memory', () => 3)
  metrics.requests.observe({ route: 'GET /healthz', status: '200' }, 0.002)
  metrics.transitions.inc({ to: 'away' })
  const web = await openTestServer(
    healthRoutes({
      dependencies: dependencies.map((each) => () => each),
      figures: () => ({ users: { value: null, as_of: null }, live_sessions: { value: 4, as_of: NOW } }),
      changes: () => [
        { at: NOW, kind: 'session.ended', subject: 'ses_1', facts: { reason: 'revoked' } },
        { at: NOW, kind: 'user.created', subject: 'usr_1', facts: {} },
      ],
      installation: () => ({ environment: 'test', installation_id: null, version: '0.1.0', started_at: NOW }),
      metrics: metrics.read,
      guard: async () => caller,
      staffOf: () => ({ role: 'support', scopes: ['overview:read', 'users:read'] }),
      now: () => NOW,
    }),
  )
  return web
}

test('all together is as bad as the worst of it, and unknown is not well', () => {
  const overall = (...states: Dependency['state'][]) => overallState(states.map((state) => ({ state })))
  assert.equal(overall('ok', 'ok'), 'ok')
  assert.equal(overall('ok', 'unknown'), 'unknown')
  assert.equal(overall('unknown', 'failing', 'ok'), 'failing')
  assert.equal(overallState([{ state: 'ok' }, { state: 'failing', isOptional: true }]), 'ok', 'but for a cache')
})

test('readiness tells each dependency with its age, and stays 200 while access lives', async () => {
  await using web = await openHealth([database, mail])
  const { status, text } = await web.ask('/readyz')
  assert.equal(status, 200)
  assert.deepEqual(JSON.parse(text), {
    status: 'unknown',
    dependencies: [
      {
        name: 'database',
        state: 'unknown',
        since: '2026-11-21T07:59:55.000Z',
        age_ms: 7000,
        detail: 'PostgreSQL does not answer.',
      },
      { name: 'mail A', state: 'ok', since: '2026-11-21T07:59:55.000Z', age_ms: null, detail: 'Not tried yet.' },
    ],
  })
  assert.equal((await web.ask('/healthz')).text, '{"status":"ok"}')
})

test('a clock that was set back makes no age below zero', async () => {
  await using web = await openHealth([{ ...database, seenAt: new Date(NOW.getTime() + 60_000) }])
  const { dependencies } = JSON.parse((await web.ask('/readyz')).text) as { dependencies: { age_ms: number }[] }
  assert.equal(dependencies[0]?.age_ms, 0)
})

test('the figures are OpenMetrics, with no person in any label', async () => {
  await using web = await openHealth([])
  const { headers, text } = await web.ask('/metrics')
  assert.match(headers.get('content-type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/)
  assert.match(text, /# EOF\n$/)
  assert.match(text, /^holdfast_known_sessions 3$/m)
  assert.match(text, /^holdfast_database_transitions_total\{to="away"\} 1$/m)
  assert.match(text, /^holdfast_request_seconds_count\{route="GET \/healthz",status="200"\} 1$/m)
})

test('the overview tells who asks and what their role lets them do, and of a token nothing', async () => {
  await using web = await openHealth([database])
  assert.deepEqual(JSON.parse((await web.ask('/v1/overview')).text).actor, {
    id: 'usr_ana',
    role: 'support',
    scopes: ['overview:read', 'users:read'],
  })
  await using other = await openHealth([database], { ...ana, kind: 'token', id: 'tok_1', sessionId: null })
  assert.equal(JSON.parse((await other.ask('/v1/overview')).text).actor, null)
})

test('what is documented of health is what is answered', async () => {
  await using web = await openHealth([database, mail])
  const { paths } = web.server.openApi() as {
    paths: Record<string, { get: { responses: Record<string, { content: Record<string, { schema: object }> }> } }>
  }
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  for (const path of ['/healthz', '/readyz', '/v1/overview', '/metrics']) {
    const { headers, text } = await web.ask(path)
    const media = headers.get('content-type')!.split(';', 1)[0]!
    const documented = paths[path]?.get.responses[200]?.content[media]
    assert.ok(documented, `${path} documents ${media}`)
    const validate = ajv.compile(documented.schema)
    assert.ok(validate(media.includes('json') ? JSON.parse(text) : text), JSON.stringify(validate.errors))
  }
})

test('a figure keeps its last value and its time when nothing can be counted, and one never known is null', async () => {
  let count: () => Promise<Record<'users', number>> = async () => {
    throw new DatabaseOutage('failed', 'away')
  }
  const errors: unknown[] = []
  const log: Logger = { ...silentLog, error: ((...said: unknown[]) => void errors.push(said)) as Logger['error'] }
  const figures = startFigures(() => count(), ['users'], { clock, log })
  await figures.sample()
  assert.deepEqual(figures.read(), { users: { value: null, as_of: null } })
  count = async () => ({ users: 7 })
  await figures.sample()
  count = async () => {
    throw new DatabaseOutage('unknown', 'away again')
  }
  await figures.sample()
  assert.deepEqual(figures.read(), { users: { value: 7, as_of: NOW } })
  assert.deepEqual(errors, [])

  // A bug is told, and ends neither the process nor the counting.
  count = async () => {
    throw new TypeError('a bug')
  }
  await figures.sample()
  assert.equal(errors.length, 1)
  figures.stop()
})

test('who asks for figures while they are counted joins, and counts nothing twice', async () => {
  let counts = 0
  const done = Promise.withResolvers<void>()
  const figures = startFigures(
    async () => {
      counts += 1
      await done.promise
      return { users: 1 }
    },
    ['users'],
    { clock, log: silentLog },
  )
  const samples = [figures.sample(), figures.sample(), figures.sample()]
  done.resolve()
  await Promise.all(samples)
  assert.equal(counts, 1)
  figures.stop()
})
