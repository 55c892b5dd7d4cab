import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, onOneConnection } from '../../../platform/database/index.ts'
import { freePort } from '../../../platform/postgres-server/index.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder } from '../../../platform/testing/index.ts'
import { settingsFor, startProcess } from '../../testing.ts'
import { canHavePasskeys } from './here.ts'

test('once there are passkeys, a start under another name is refused in one line, and the check says it too', async (t) => {
  await using database = await createTestDatabase()
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const port = String(await freePort())
  const settings = { ...settingsFor(database, folder), HOLDFAST_ACCESS_PORT: port }
  const named = (host: string) => ({ ...settings, HOLDFAST_URL: `http://${host}:${port}` })
  const first = startProcess(['access'], named('id.localhost'))
  await first.untilSaid(/access is open/)
  // It says so before the store is ready, where that takes long.
  await first.untilSaid(/first administrator/)
  await first.stop()
  await onOneConnection(database.ownerUrl, 5000, async (db) => {
    await db.run(sql`
      insert into identity.user (id, email, email_key, created_at) values ('usr_a', 'a@acme.test', 'a@acme.test', now())`)
    await db.run(sql`
      insert into identity.passkey
             (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device, is_backed_up, name, created_at)
      values ('psk_a', '\x01', 'usr_a', 'id.localhost', '\x02', 0, '{}', true, true, 'Phone', now())`)
  })

  const again = startProcess(['access'], named('id.localhost'))
  await again.untilSaid(/access is open/)
  await again.stop()
  const other = startProcess(['access'], named('auth.localhost'))
  assert.notEqual(await other.untilEnded(), 0)
  assert.match(
    other.said(),
    /HOLDFAST_RP_ID is auth\.localhost, and 1 passkey was made for id\.localhost: set HOLDFAST_RP_ID=id\.localhost/,
  )
  assert.doesNotMatch(other.said(), /^\s+at /m)
  const check = startProcess(['check', '--json'], named('auth.localhost'))
  assert.notEqual(await check.untilEnded(), 0)
  const { findings } = JSON.parse(check.said()) as { findings: { name: string; state: string; says: string }[] }
  const found = findings.find(({ name }) => name === 'passkeys made')
  assert.deepEqual([found?.state, found?.says.includes('id.localhost')], ['failing', true])
})

test('passkeys are for names in secure contexts: an address of numbers, or http elsewhere, has none', () => {
  for (const [url, can] of [
    ['https://id.acme.example', true],
    ['http://localhost:4000', true],
    ['http://id.localhost:4000', true],
    ['http://127.0.0.1:4000', false],
    ['https://192.0.2.7', false],
    ['https://[2001:db8::1]', false],
    ['http://id.acme.example', false],
  ] as const)
    assert.equal(canHavePasskeys(url), can, url)
})
