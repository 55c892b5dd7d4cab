import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { watchSources } from './watch-sources.ts'

test('a changed source is told once for all files of a change, and a changed test is not told at all', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  mkdirSync(join(folder, 'feature'))
  let told = 0
  let heard = Promise.withResolvers<void>()
  const watching = watchSources([folder, join(folder, 'missing')], () => {
    told += 1
    heard.resolve()
  })
  t.after(() => watching.stop())
  writeFileSync(join(folder, 'feature/one.test.ts'), '')
  writeFileSync(join(folder, 'feature/notes.md'), '')
  writeFileSync(join(folder, 'feature/one.ts'), '')
  writeFileSync(join(folder, 'feature/two.ts'), '')
  await heard.promise
  assert.equal(told, 1)
  heard = Promise.withResolvers<void>()
  writeFileSync(join(folder, 'feature/one.ts'), 'again')
  await heard.promise
  assert.equal(told, 2)
})
