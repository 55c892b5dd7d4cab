/** A stolen key is replaced while an app of the SDK is connected, and another sleeps. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Holdfast } from '../../sdk/index.ts'
import { until } from '../../sdk/testing/until.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { enrol, openStage, visitorOf } from './testing.ts'

const asConsole = { 'holdfast-audience': 'console' }
const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' }

test('an app that is connected follows the new key at once, and one that slept through two of them when it wakes', async () => {
  await using stack = new AsyncDisposableStack()
  const newFolder = async () => {
    const folder = await makeTestFolder()
    stack.defer(() => removeTestFolder(folder))
    return folder
  }
  const stage = stack.use(await openStage())
  const visitor = visitorOf(stage)
  const root = await enrol(stage, visitor, 'root@acme.test')
  const post = async (path: string, body: unknown) => {
    const headers = { ...asConsole, origin: stage.url, 'idempotency-key': randomUUID() }
    const seen = await visitor.post(path, body, root, headers)
    assert.ok(seen.status < 300, `${seen.status} ${seen.text}`)
    return seen.body as { number: string }
  }
  const trust = async () => (await visitor.ask('/v1/flags/trust', { headers: asConsole }, root)).body
  await post('/v1/flags', { key: 'signed', definition: flag })
  const { fingerprint } = (await trust()) as { fingerprint: string }
  const key = readFileSync(join(stage.folder, 'demo', 'key'), 'utf8').trim()
  const openApp = (dataDir: string) =>
    stack.use(new Holdfast({ url: stage.url, key, dataDir, trust: fingerprint, onProblem: () => {} }))
  const app = openApp(await newFolder())
  const folder = await newFolder()
  const sleeper = openApp(folder)
  for (const each of [app, sleeper]) await until('it has the flag', () => each.flags.boolean('signed', false))
  await sleeper.close()

  for (const list of [2, 3]) {
    const { number } = await post('/v1/flags/rotate-key', { reason: 'Stolen' })
    await until('the app follows', () => app.flags.status().seq === number)
    assert.equal(((await trust()) as { key_list: { number: number } }).key_list.number, list)
  }
  const { number } = await post('/v1/flags', { key: 'after-it', definition: flag })
  const woken = openApp(folder)
  for (const each of [app, woken]) {
    await until('it goes on', () => each.flags.status().seq === number)
    const { fault, trust: trusted } = each.flags.status()
    assert.deepEqual([fault, trusted, each.flags.boolean('signed', false)], [null, { fingerprint, pinned: true }, true])
  }
})
