import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { archivesIn } from './target.ts'
import { openBackupRig } from './testing.ts'

/** Writes half of an archive, says so, and waits to be killed. */
const PROGRAM = (at: { data: string; target: string; ownerUrl: string }) => `
  const { readConfig } = await import(${JSON.stringify(import.meta.resolve('../config.ts'))})
  const { makeBackup } = await import(${JSON.stringify(import.meta.resolve('./make-backup.ts'))})
  const { openTarget } = await import(${JSON.stringify(import.meta.resolve('./target.ts'))})
  const { openSecret } = await import(${JSON.stringify(import.meta.resolve('../platform/secret.ts'))})
  const { systemClock } = await import(${JSON.stringify(import.meta.resolve('../platform/clock.ts'))})
  const { config } = readConfig({ HOLDFAST_DATA: ${JSON.stringify(at.data)}, HOLDFAST_BACKUP_TARGET: ${JSON.stringify(at.target)} })
  const folder = openTarget(config.backup)
  const target = { ...folder, write: (name, bytes) => folder.write(name, (async function* () {
    for await (const portion of bytes) {
      yield portion
      if (name.endsWith('.age')) { console.log('half'); await new Promise((end) => setInterval(() => globalThis.never && end(), 1000)) }
    }
  })()) }
  await makeBackup({ config, ownerUrl: ${JSON.stringify(at.ownerUrl)}, secret: await openSecret(config.secretFile), target,
    clock: systemClock, version: 'test', onProgress() {} })`

test('a backup that was killed in the middle is none, and the next one is not in its way', async (t) => {
  await using rig = await openBackupRig()
  const at = { data: rig.config.data, target: rig.target.label, ownerUrl: rig.db.ownerUrl }
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM(at)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  await assert.rejects(rig.backup(), /Another backup of this database is under way/)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  const left = await readdir(join(rig.folder, 'target'))
  assert.ok(
    left.some((name) => name.endsWith('.part')),
    left.join(' '),
  )
  assert.deepEqual(await archivesIn(rig.target), [])
  // PostgreSQL lets go of the lock when it notices that nobody is there any more.
  const made = await untilDone(() => rig.backup())
  assert.deepEqual(await archivesIn(rig.target), [made.archive])
})

const TRIES_MAX = 200

async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === TRIES_MAX || !/under way/.test(String(error))) throw error
    }
  }
}
