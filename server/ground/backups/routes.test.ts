import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import { openTestServer } from '../../platform/http/testing.ts'
import { silentLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/index.ts'
import { backupRoutes, insertRun, migrations, openBackupState, type Plan, type Run } from './index.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const clock = { ...systemClock, now: () => NOW }
const plan: Plan = { everyMs: 86_400_000, target: 's3://acme/backups' }
const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

const run = (id: string, kind: Run['kind'], more: Partial<Run>): Run => ({
  id,
  kind,
  startedAt: before(11),
  endedAt: before(10),
  problem: null,
  archive: 'holdfast-test-20261121T114900Z.tar.age',
  size: 4096,
  snapshotAt: before(11),
  facts: {},
  ...more,
})

async function openBackups() {
  const store = await createTestDatabase()
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources: [migrations], log: silentLog })
  const database: DatabaseServer = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock, log: silentLog })
  const db = database.database('background')
  const state = openBackupState({ db, clock, plan })
  const guard = async () => null
  const web = await openTestServer(backupRoutes({ state, plan, clock, guard }))
  return {
    db,
    state,
    ask: async () => {
      const { status, text } = await web.ask('/v1/backups')
      assert.equal(status, 200)
      return JSON.parse(text) as { last: unknown; proved: unknown; problems: string[] }
    },
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await store.drop()
    },
  }
}

test('before the first backup the answer says what to do', async () => {
  await using at = await openBackups()
  assert.deepEqual(await at.ask(), {
    schedule: '1 d',
    target: 's3://acme/backups',
    last: null,
    proved: null,
    problems: ['There is no backup yet: run "holdfast backup".'],
  })
})

test('the newest backup and the newest proof are told with their figures; a failed one since then is named', async () => {
  await using at = await openBackups()
  await insertRun(at.db, run('bkp_1', 'backup', { endedAt: before(100), size: 1 }))
  await insertRun(at.db, run('bkp_2', 'backup', {}))
  const facts = { recovery_time_s: 11.4 }
  await insertRun(
    at.db,
    run('bkp_3', 'proof', { startedAt: before(2), endedAt: before(1), snapshotAt: before(11), facts }),
  )
  const archive = 'holdfast-test-20261121T114900Z.tar.age'
  assert.deepEqual(await at.ask(), {
    schedule: '1 d',
    target: 's3://acme/backups',
    last: { at: before(11).toISOString(), archive, size: 4096, age_s: 660, took_s: 60 },
    proved: { at: before(1).toISOString(), archive, recovery_point: '9 min', recovery_time_s: 11.4 },
    problems: [],
  })
  assert.equal(at.state.asDependency()?.state, 'ok')
  const failed = {
    problem: 'The store did not answer.',
    archive: null,
    size: null,
    snapshotAt: null,
    endedAt: before(0),
  }
  await insertRun(at.db, run('bkp_4', 'backup', failed))
  assert.deepEqual((await at.ask()).problems, ['The last backup failed: The store did not answer.'])
  assert.equal(at.state.asDependency()?.state, 'failing')
})
