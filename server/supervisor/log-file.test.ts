import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { LOG_BYTES_MAX, LOGS_KEPT } from '../platform/rotate-log.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { openLogFile } from './log-file.ts'

test('a log keeps its newest lines in at most four files of bounded size', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const path = join(folder, 'logs/access.log')
  mkdirSync(join(folder, 'logs'))
  for (let n = 1; n <= LOGS_KEPT + 2; n += 1) {
    writeFileSync(path, 'x'.repeat(LOG_BYTES_MAX))
    const log = openLogFile(path)
    log.write(`line ${n}`)
    await log.flush()
  }
  assert.deepEqual(readdirSync(join(folder, 'logs')).sort(), ['access.log', ...[1, 2, 3].map((n) => `access.log.${n}`)])
  assert.match(readFileSync(`${path}.1`, 'utf8').slice(-10), /line 5\n$/)
  assert.match(readFileSync(`${path}.3`, 'utf8').slice(-10), /line 3\n$/)
  assert.equal(statSync(path).size, 0)
})

test('what comes faster than the disk takes it is dropped, counted and told', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const path = join(folder, 'access.log')
  const log = openLogFile(path)
  for (let n = 0; n < 5000; n += 1) log.write(String(n))
  await log.flush()
  assert.match(readFileSync(path, 'utf8'), /^\(\d{4} lines were dropped here\)$/m)
})

test('a log that cannot be written ends nothing', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  writeFileSync(join(folder, 'file'), '')
  const log = openLogFile(join(folder, 'file/access.log'))
  log.write('one')
  await log.flush()
  log.write('two')
  await log.flush()
})
