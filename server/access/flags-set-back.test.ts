/** The database set back to a backup and every disk of access new: only the apps know what was delivered since. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Holdfast } from '../../sdk/index.ts'
import { until } from '../../sdk/testing/until.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { asOwner, copyOf } from './flags/testing.ts'
import { enrol, type Jar, openStage, type Stage, visitorOf } from './testing.ts'

const asConsole = { 'holdfast-audience': 'console' }
const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' }

/** Sent again while the database is not there: a copy of it cuts every connection. */
async function post(stage: Stage, root: Jar, path: string, body: unknown): Promise<void> {
  const headers = { ...asConsole, origin: stage.url, 'idempotency-key': randomUUID() }
  const seen = await until(`${path} is answered`, async () => {
    const answered = await visitorOf(stage).post(path, body, root, headers)
    return answered.status === 503 ? undefined : answered
  })
  assert.ok(seen.status < 300, `${seen.status} ${seen.text}`)
}

test('a flag that only an app still knows gets a tombstone by the restore, and the app follows', async () => {
  await using stack = new AsyncDisposableStack()
  const newFolder = async () => {
    const folder = await makeTestFolder()
    stack.defer(() => removeTestFolder(folder))
    return folder
  }
  const dataDir = await newFolder()
  const store = stack.use(await createTestDatabase())
  const first = stack.use(await openStage({ store }))
  const root = await enrol(first, visitorOf(first), 'root@acme.test')
  const key = readFileSync(join(first.folder, 'demo', 'key'), 'utf8').trim()
  const openApp = (url: string) => stack.use(new Holdfast({ url, key, dataDir, onProblem: () => {} }))
  await post(first, root, '/v1/flags', { key: 'before-the-backup', definition: flag })
  const backup = stack.use(await copyOf(store))

  const app = openApp(first.url)
  await until('access is back', () => app.flags.boolean('before-the-backup', false))
  await post(first, root, '/v1/flags', { key: 'after-the-backup', definition: flag })
  await until('it is on', () => app.flags.boolean('after-the-backup', false))
  const held = app.flags.status().seq
  await app.close()
  await first.stop()

  const folder = await newFolder()
  cpSync(join(first.folder, 'secret.key'), join(folder, 'secret.key'))
  cpSync(join(first.folder, 'demo'), join(folder, 'demo'), { recursive: true })
  const second = stack.use(await openStage({ store: backup, folder }))
  const again = openApp(second.url)
  await until('changes are held, because the app tells of a greater number', async () => {
    const seen = await visitorOf(second).ask('/v1/flags', { headers: asConsole }, root)
    return (seen.body.standing as { fault?: string } | undefined)?.fault === 'behind'
  })
  await until('its keys are told', async () => (await asOwner(backup.ownerUrl, 'select from flags.claim')).length === 1)
  assert.deepEqual([again.flags.boolean('after-the-backup', false), again.flags.status().seq], [true, held])

  await post(second, root, '/v1/flags/restore', {})
  await until('it is on the new epoch', () => again.flags.status().seq === 'e2.s1')
  assert.equal(again.flags.status().fault, null)
  assert.equal(again.flags.boolean('before-the-backup', false), true)
  assert.equal(again.flags.details('after-the-backup', false).errorCode, 'FLAG_NOT_FOUND')
})
