import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { settingsFor, startProcess } from '../access/testing.ts'
import { readConfig } from '../config.ts'
import { freePort } from '../platform/postgres-server/index.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder, startTestPostgres } from '../platform/testing/index.ts'
import { checkFiles } from './files.ts'
import type { Finding } from './finding.ts'
import { checkSettings } from './settings.ts'

const stateOf = (findings: readonly Finding[], name: string) => findings.find((each) => each.name === name)?.state

const safe = {
  HOLDFAST_ENVIRONMENT: 'production',
  HOLDFAST_URL: 'https://id.acme.example',
  HOLDFAST_DATABASE_URL: 'postgres://holdfast_app:a@db/holdfast',
  HOLDFAST_DATABASE_OWNER_URL: 'postgres://holdfast_owner:b@db/holdfast',
  HOLDFAST_SMTP_URLS: 'smtp://mail-a.example,smtp://mail-b.example',
  HOLDFAST_TRUSTED_PROXIES: '10.0.0.1',
}

test('settings as docs/operating.md gives them have nothing unsafe', () => {
  const findings = checkSettings(readConfig(safe).config)
  assert.deepEqual(
    findings.filter(({ state }) => state !== 'ok'),
    [],
  )
})

const unsafe: { change: Record<string, string>; name: string; state: Finding['state'] }[] = [
  { change: { HOLDFAST_SMTP_URLS: 'smtp://mail-a.example' }, name: 'mail providers', state: 'degraded' },
  {
    change: { HOLDFAST_SMTP_URLS: 'smtp://mail-a.example:25,smtp://mail-a.example:587' },
    name: 'mail providers',
    state: 'degraded',
  },
  { change: { HOLDFAST_DATABASE_OWNER_URL: '' }, name: 'database roles', state: 'degraded' },
  {
    change: { HOLDFAST_DATABASE_OWNER_URL: safe.HOLDFAST_DATABASE_URL },
    name: 'database roles',
    state: 'degraded',
  },
  { change: { HOLDFAST_TRUSTED_PROXIES: '' }, name: 'proxy', state: 'degraded' },
  { change: { HOLDFAST_TRUSTED_PROXIES: '0.0.0.0/1,128.0.0.0/1' }, name: 'proxy', state: 'failing' },
  { change: { HOLDFAST_SIGN_UP: 'open' }, name: 'sign-up', state: 'degraded' },
  { change: { HOLDFAST_ENVIRONMENT: 'development' }, name: 'public address', state: 'degraded' },
  { change: { HOLDFAST_LOG_LEVEL: 'debug' }, name: 'log', state: 'degraded' },
  { change: { HOLDFAST_SESSION_LIFE: '365d' }, name: 'session life', state: 'degraded' },
]
for (const { change, name, state } of unsafe) {
  test(`${name} is ${state} with ${JSON.stringify(change)}, and the finding says what to do`, () => {
    const findings = checkSettings(readConfig({ ...safe, ...change }).config)
    assert.equal(stateOf(findings, name), state)
    for (const finding of findings) assert.equal(finding.state === 'ok', finding.advice === undefined)
  })
}

test('a secret that others may read fails, and a folder that is not there is unknown', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const data = join(folder, 'data')
  const secretFile = join(data, 'secret.key')
  const before = await checkFiles({ data, secretFile })
  assert.deepEqual([stateOf(before, 'secret file'), stateOf(before, 'disk')], ['unknown', 'unknown'])
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(secretFile, 'x', { mode: 0o600 })
  const good = await checkFiles({ data, secretFile })
  assert.deepEqual([stateOf(good, 'secret file'), stateOf(good, 'data folder')], ['ok', 'ok'])
  chmodSync(secretFile, 0o640)
  chmodSync(data, 0o755)
  const bad = await checkFiles({ data, secretFile })
  assert.deepEqual([stateOf(bad, 'secret file'), stateOf(bad, 'data folder')], ['failing', 'failing'])
})

async function check(settings: Record<string, string>) {
  const run = startProcess(['check', '--json'], settings)
  const code = await run.untilEnded()
  const said = JSON.parse(run.said()) as { ok: boolean; findings: Finding[] }
  return { code, ...said, text: run.said() }
}

test('beside a running access the roles, staff, backups and access itself are looked at; stopped, all that is unknown', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  await using store = await createTestDatabase()
  const settings = { ...settingsFor(store, folder), HOLDFAST_ACCESS_PORT: String(await freePort()) }
  const access = startProcess(['access'], settings)
  t.after(() => access.stop())
  await access.untilSaid(/access is open/)

  const seen = await check(settings)
  assert.equal(stateOf(seen.findings, 'database'), 'ok', seen.text)
  assert.equal(stateOf(seen.findings, 'rights of access'), 'ok', seen.text)
  assert.equal(stateOf(seen.findings, 'administrators'), 'degraded')
  assert.equal(stateOf(seen.findings, 'break-glass codes'), 'ok', 'nobody has to have what nobody is there to use')
  assert.equal(stateOf(seen.findings, 'backup'), 'failing')
  assert.notEqual(stateOf(seen.findings, 'access'), 'unknown', seen.text)
  assert.deepEqual([seen.code, seen.ok], [1, false])

  const asOwner = await check({ ...settings, HOLDFAST_DATABASE_URL: store.ownerUrl })
  assert.match(stateOf(asOwner.findings, 'rights of access') ?? '', /degraded|failing/)
  for (const url of [store.databaseUrl, store.ownerUrl]) {
    assert.ok(!asOwner.text.includes(new URL(url).password), 'no password is repeated')
  }
  await access.stop()
  assert.equal(stateOf((await check(settings)).findings, 'access'), 'unknown')
})

test('with the database hung the check ends, and says that it could not see', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  await using postgres = await startTestPostgres()
  postgres.stopAll()
  const seen = await check({ ...settingsFor(postgres, folder), HOLDFAST_ACCESS_PORT: String(await freePort()) })
  assert.equal(stateOf(seen.findings, 'database'), 'unknown')
  assert.equal(seen.code, 1)
  assert.ok(!existsSync(join(folder, 'access')), 'it writes nothing')
})
