import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBackupState } from '../ground/backups/index.ts'
import { systemClock } from '../platform/clock.ts'
import { openDatabaseServer } from '../platform/database/index.ts'
import { silentLog } from '../platform/log.ts'
import { makeWhenDue } from './schedule.ts'
import { ask, openBackupRig } from './testing.ts'

const HOUR_MS = 3_600_000

async function openSchedule() {
  const rig = await openBackupRig({ HOLDFAST_BACKUP_EVERY: '1h' })
  const database = openDatabaseServer({ url: rig.db.databaseUrl, name: 'test', clock: systemClock, log: silentLog })
  const background = database.database('background')
  let ahead = 0
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + ahead) }
  const calls = join(rig.folder, 'calls')
  const program = async (text: string) => {
    const file = join(rig.folder, 'program.mjs')
    await writeFile(
      file,
      `import { appendFileSync } from 'node:fs'\nappendFileSync(${JSON.stringify(calls)}, 'x')\n${text}`,
    )
    return [file]
  }
  const plan = { everyMs: HOUR_MS, target: rig.target.label }
  return {
    rig,
    background,
    state: openBackupState({ db: background, clock, plan }),
    run: (with_: readonly string[]) =>
      makeWhenDue({ config: rig.config, database, background, clock, log: silentLog, program: with_ }),
    program,
    pass(ms: number) {
      ahead += ms
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await rig[Symbol.asyncDispose]()
    },
  }
}

test('a backup by schedule is made when it is due, and not again before', async () => {
  await using at = await openSchedule()
  const done = await at.program('')
  assert.equal(await at.run(done), 'made')
  await at.rig.backup()
  assert.equal(await at.run(done), 'not-due')
  at.pass(HOUR_MS)
  assert.equal(await at.run(done), 'made')
})

test('one that fails is recorded with its sentence, raises a signal, is named in the overview, and is tried again later', async () => {
  await using at = await openSchedule()
  const failing = await at.program(
    `process.stderr.write('holdfast: The store did not answer.\\n'); process.exitCode = 1`,
  )
  assert.equal(await at.run(failing), 'failed')
  assert.equal(await at.run(failing), 'not-due', 'trying all the time would be a load of its own')
  const { failed } = await at.state.read()
  assert.equal(failed?.problem, 'The store did not answer.')
  const signals = await ask(
    at.rig.db.ownerUrl,
    async (client) => (await client.query(`select kind from signals.signal where kind = 'backup.failed'`)).rows,
  )
  assert.equal(signals.length, 1)
  assert.equal(at.state.asDependency()?.state, 'failing')
  at.pass(HOUR_MS)
  assert.equal(await at.run(await at.program('process.kill(process.pid, "SIGKILL")')), 'failed')
  assert.equal((await at.state.read()).failed?.problem, 'It was ended before it was complete.')
})

test('the overview says nothing of backups where nobody asked for any, and how old the newest is where they are made', async () => {
  await using at = await openSchedule()
  assert.equal(at.state.asDependency()?.state, 'unknown')
  await at.rig.backup()
  await at.state.read()
  assert.deepEqual(
    [at.state.asDependency()?.state, at.state.asDependency()?.detail.includes('No backup has been proved')],
    ['ok', true],
  )
  const unasked = openBackupState({ db: at.background, clock: systemClock, plan: { everyMs: null, target: null } })
  assert.equal(unasked.asDependency(), undefined)
})
