import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { settingsFor, startProcess } from '../access/testing.ts'
import { sources } from '../open-store.ts'
import { systemClock } from '../platform/clock.ts'
import { migrate, onOneConnection, type Queries, sql } from '../platform/database/index.ts'
import { silentLog } from '../platform/log.ts'
import { freePort } from '../platform/postgres-server/index.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder, type TestDatabase } from '../platform/testing/index.ts'
import { checkControls } from './control.ts'
import type { Finding } from './finding.ts'
import { checkProviders } from './providers.ts'

const NOW = new Date('2026-11-21T08:00:00Z')
const clock = { ...systemClock, now: () => NOW }
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)
const days = (count: number) => new Date(NOW.getTime() + count * 24 * 3_600_000)

let store: TestDatabase
before(async () => {
  store = await createTestDatabase()
  const appRole = decodeURIComponent(new URL(store.databaseUrl).username)
  await migrate({ ownerUrl: store.ownerUrl, appRole, sources, log: silentLog })
})
after(() => store[Symbol.asyncDispose]())

interface Case {
  secretExpiresAt?: Date | null
  testedAt?: Date | null
  keysAt?: Date | null
  discoveryChangedAt?: Date
  state?: string | null
  keysGoodForDays?: number
  openSince?: Date
  ordered?: 'open' | 'closed'
  exercised?: { method: string; at: Date; isGood: boolean }[]
  askedAt?: Date
  counted?: { ready: number; at: Date } | null
  isEnabled?: boolean
}

/** One provider as an installation may have it, in a transaction that is taken back. */
async function findingsOf(asked: Case, readinessMin?: number): Promise<Finding[]> {
  const {
    testedAt = ago(600),
    keysAt = ago(5),
    discoveryChangedAt = ago(1000),
    exercised = ['passkey', 'code'].map((method) => ({ method, at: ago(3), isGood: true })),
    counted = { ready: 83, at: ago(9) },
    isEnabled = true,
    state = 'healthy',
    secretExpiresAt = days(90),
    keysGoodForDays = 7,
  } = asked
  return onOneConnection(store.databaseUrl, 20_000, async (db: Queries) => {
    await db.run(sql`begin`)
    await db.run(sql`
      insert into providers.provider (id, name, preset, issuer, client_id, client_secret_sealed, client_secret_expires_at,
                                      token_endpoint_auth, scopes, keys_good_for_ms, is_enabled, tested_at, created_at, changed_at)
      values ('prv_1', 'Acme SSO', 'oidc', 'https://id.acme.example', 'holdfast', 'sealed', ${secretExpiresAt},
              'client_secret_basic', '{openid}', ${keysGoodForDays * 24 * 3_600_000}, ${isEnabled}, ${testedAt}, ${ago(2000)}, ${ago(2000)})`)
    for (const [kind, fetched, changed] of [
      ['discovery', ago(5), discoveryChangedAt],
      ...(keysAt === null ? [] : ([['keys', keysAt, keysAt]] as const)),
    ] as const) {
      await db.run(sql`
        insert into providers.document (provider_id, kind, body, fetched_at, changed_at)
        values ('prv_1', ${kind}, '{}', ${fetched}, ${changed})`)
    }
    if (state !== null)
      await db.run(sql`
        insert into providers.verdict (provider_id, epoch, state, since, open_since, decided_at, decided_by, why, ordered, ordered_until)
        values ('prv_1', 1, ${state}, ${ago(18)}, ${asked.openSince ?? null}, ${ago(18)}, 'holdfast', '{}',
                ${asked.ordered ?? null}, ${asked.ordered ? days(1) : null})`)
    for (const { method, at, isGood } of exercised)
      await db.run(sql`
        insert into identity.fail_over_exercise (method, at, process_id, is_good, took_ms)
        values (${method}, ${at}, 'test', ${isGood}, 20)`)
    if (counted)
      await db.run(sql`
        insert into identity.readiness (provider_id, active, passkey, provider, email, unknown, no, whys, counted_at)
        values ('prv_1', 100, ${counted.ready}, 0, 0, 0, ${100 - counted.ready}, '{}', ${counted.at})`)
    if (asked.askedAt) {
      await db.run(sql`
        insert into identity.user (id, email, email_key, created_at)
        values ('usr_1', 'ana@acme.test', 'ana@acme.test', ${ago(2000)})`)
      await db.run(sql`
        insert into identity.linked_identity (id, user_id, provider_id, issuer, subject, is_email_verified, linked_at,
                                              last_proved_at, asked_again_at, refresh_sealed)
        values ('lid_1', 'usr_1', 'prv_1', 'https://id.acme.example', 'ana', true, ${asked.askedAt}, ${asked.askedAt},
                ${asked.askedAt}, 'sealed')`)
    }
    const found = await checkProviders(db, { clock, readinessMin })
    await db.run(sql`rollback`)
    return found
  })
}
const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state !== 'ok').map(({ name, state, says }) => `${state} ${name}: ${says}`)

test('a provider that is well has nothing that would stop sign-in today', async () => {
  const findings = await findingsOf({}, 80)
  assert.deepEqual(wrong(findings), [])
  assert.deepEqual(
    findings.map(({ says }) => says),
    [
      'Acme SSO was tested, and its keys are 5 min old.',
      'It last worked 3 min ago.',
      'It last worked 3 min ago.',
      '83 % of 100 active users could sign in without Acme SSO.',
    ],
  )
  assert.deepEqual(wrong(await findingsOf({ isEnabled: false, keysAt: null, testedAt: null, counted: null })), [])
})

test('what would stop sign-in is said with a reason, and what to do', async () => {
  const cases: [Case, number | undefined, string[]][] = [
    [
      { secretExpiresAt: days(29) },
      undefined,
      ['degraded client secret: The client secret of Acme SSO runs out in 29 days.'],
    ],
    [
      { secretExpiresAt: days(6) },
      undefined,
      ['failing client secret: The client secret of Acme SSO runs out in 6 days.'],
    ],
    [{ secretExpiresAt: ago(1) }, undefined, ['failing client secret: The client secret of Acme SSO has run out.']],
    [
      { keysAt: ago(25 * 60) },
      undefined,
      ['failing keys: The keys of Acme SSO were last fetched 25 h ago, and are good until 2026-11-27T07:00:00.000Z.'],
    ],
    [
      { keysAt: ago(25 * 60), keysGoodForDays: 1 },
      undefined,
      [
        'failing keys: The keys of Acme SSO were last fetched 25 h ago, and were good until 2026-11-21T07:00:00.000Z: nobody gets in by it.',
      ],
    ],
    [
      { secretExpiresAt: null },
      undefined,
      [
        'degraded client secret: Nobody has said until when the client secret of Acme SSO is good, so nobody is told before it runs out.',
      ],
    ],
    [{ keysAt: null }, undefined, ['failing keys: The keys of Acme SSO were never fetched: nobody gets in by it.']],
    [
      { discoveryChangedAt: ago(30) },
      undefined,
      ['degraded discovery: The discovery document of Acme SSO has changed since it was tested.'],
    ],
    [{ askedAt: days(-3) }, undefined, []],
    [
      { askedAt: days(-4) },
      undefined,
      [
        'degraded people who left: Acme SSO was last asked 4 d ago whether somebody is still there; it should be once a day.',
      ],
    ],
    [{ testedAt: null }, undefined, ['degraded test: Acme SSO was not tested with the settings that it has now.']],
    [
      { state: 'down', openSince: ago(18) },
      undefined,
      [`degraded verdict: Acme SSO is down. People are sent another way since ${ago(18).toISOString()}.`],
    ],
    [
      { state: 'healthy', ordered: 'closed' },
      undefined,
      [`degraded order: An order forbids the fall-back of Acme SSO until ${days(1).toISOString()}.`],
    ],
    [
      { state: 'down', openSince: ago(18), ordered: 'closed' },
      undefined,
      [
        `degraded order: An order forbids the fall-back of Acme SSO until ${days(1).toISOString()}.`,
        'failing verdict: Acme SSO is down, and nobody is sent another way.',
      ],
    ],
    [{ state: 'down' }, undefined, ['failing verdict: Acme SSO is down, and nobody is sent another way.']],
    [
      { state: 'unknown' },
      undefined,
      ['failing verdict: Acme SSO is unknown, and nobody is sent another way but where a policy says so.'],
    ],
    [
      { state: 'unknown', ordered: 'open' },
      undefined,
      [
        `degraded order: An order opens the fall-back of Acme SSO until ${days(1).toISOString()}.`,
        'degraded verdict: Acme SSO is unknown.',
      ],
    ],
    [
      { state: 'recovering', openSince: ago(18) },
      undefined,
      [`degraded verdict: Acme SSO is recovering. People are sent another way since ${ago(18).toISOString()}.`],
    ],
    [{ state: null }, undefined, ['unknown verdict: Nobody has looked at Acme SSO yet.']],
    [
      { exercised: [{ method: 'code', at: ago(16), isGood: true }] },
      undefined,
      [
        'unknown fall-back by passkey: It was never exercised: nobody knows that it works.',
        'unknown fall-back by code: It last worked 16 min ago.',
      ],
    ],
    [
      {
        exercised: ['passkey', 'code'].flatMap((method) => [
          { method, at: ago(9), isGood: true },
          { method, at: ago(6), isGood: method === 'code' },
          { method, at: ago(3), isGood: method === 'code' },
        ]),
      },
      undefined,
      ['failing fall-back by passkey: It has failed twice in a row: nobody could sign in by it.'],
    ],
    [
      { counted: { ready: 79, at: ago(9) } },
      80,
      ['failing readiness: 79 % of 100 active users could sign in without Acme SSO.'],
    ],
    [{ counted: { ready: 79, at: ago(9) } }, undefined, []],
    [{ counted: null }, 80, ['unknown readiness: Who could sign in without Acme SSO was not counted yet.']],
    [
      { counted: { ready: 90, at: ago(180) } },
      80,
      ['degraded readiness: 90 % of 100 active users could sign in without Acme SSO. That was counted 3 h ago.'],
    ],
  ]
  for (const [asked, readinessMin, expected] of cases) {
    const findings = await findingsOf(asked, readinessMin)
    assert.deepEqual(wrong(findings), expected, JSON.stringify(asked))
    for (const { state, advice } of findings) assert.equal(state === 'ok', advice === undefined)
  }
})

/** Another address of the world, whose clock may be wrong. */
async function openControl(aheadMs = 0) {
  const server = createServer((_, response) => {
    response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString())
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

test('a control that does not answer fails, one that is wrong about the time is said, and without any that is unsafe', async () => {
  await using good = await openControl()
  await using ahead = await openControl(6 * 60_000)
  const states = (findings: readonly Finding[]) => findings.map(({ name, state }) => `${name} ${state}`)
  assert.deepEqual(states(await checkControls([good.url], systemClock)), ['control ok'])
  assert.deepEqual(states(await checkControls([ahead.url], systemClock)), ['control ok', 'time failing'])
  const [refused] = await checkControls([`http://127.0.0.1:${await freePort()}/`], systemClock)
  assert.deepEqual(
    [refused!.state, refused!.says.replace(/^\S+/, '…')],
    ['failing', '… cannot be reached (ECONNREFUSED).'],
  )
  assert.deepEqual(states(await checkControls([], systemClock)), ['control degraded'])
})

test('"check providers" looks at providers alone, as words or JSON, and exits by what it found', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  // Nobody listens there: this machine is all that a test asks.
  const settings = { ...settingsFor(store, folder), HOLDFAST_CONTROL_URLS: 'https://localhost:9/' }
  const run = startProcess(['check', 'providers', '--json', '--readiness', '80'], settings)
  const code = await run.untilEnded()
  const { ok, findings } = JSON.parse(run.said()) as { ok: boolean; findings: Finding[] }
  assert.deepEqual(
    findings.map(({ name, state }) => `${name} ${state}`),
    ['identity providers ok', 'clocks ok', 'control failing'],
    run.said(),
  )
  assert.deepEqual([code, ok], [1, false])
})
