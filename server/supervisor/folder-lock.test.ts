import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../platform/clock.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { lockDataFolder } from './folder-lock.ts'

test('of many starts at once on a stale lock exactly one gets the folder', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const path = join(folder, 'supervisor.json')
  // This process's number with another birth: a number that was given out again.
  writeFileSync(
    path,
    JSON.stringify({ pid: process.pid, born: 'another boot:1', started_at: '2026-01-01', children: [] }),
  )
  const starts = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataFolder(folder, systemClock)))
  const won = starts.filter((start) => start.status === 'fulfilled')
  assert.equal(won.length, 1)
  for (const start of starts) if (start.status === 'rejected') assert.equal(start.reason.name, 'StartRefused')
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).pid, process.pid)
  await won[0]!.value.release()
  assert.deepEqual((await readdir(folder)).sort(), ['owner.json', 'supervisor.lock'])
})

test('a lock that a crash left empty or damaged is taken over', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  for (const content of ['', '{"pid":', '[]', '"x"']) {
    writeFileSync(join(folder, 'supervisor.json'), content)
    const lock = await lockDataFolder(folder, systemClock)
    lock.noteChildren([process.pid])
    await lock.release()
  }
})

test('a folder that cannot be locked is refused in one sentence', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  mkdirSync(join(folder, 'supervisor.lock'))
  await assert.rejects(lockDataFolder(folder, systemClock), {
    name: 'StartRefused',
    message: /supervisor\.lock cannot be locked \(.+\): HOLDFAST_DATA has to be writable/,
  })
})
