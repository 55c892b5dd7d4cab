import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { openDatabaseServer } from '../../platform/database/index.ts'
import { openTestServer } from '../../platform/http/testing.ts'
import { silentLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/index.ts'
import { settingsRoutes } from './index.ts'

const settings = [
  { variable: 'HOLDFAST_URL', value: 'http://localhost:4000', from: 'default', means: 'public origin of access' },
  { variable: 'HOLDFAST_DATABASE_URL', value: '', from: 'default', means: 'PostgreSQL 15 or newer' },
]
const installation = () => ({
  environment: 'test',
  installation_id: null,
  version: '0.1.0',
  started_at: new Date('2026-11-21T08:00:00Z'),
})

test('settings are told with what they mean, and also while the database is away', async () => {
  const store = await createTestDatabase()
  const database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock: systemClock, log: silentLog })
  const db = database.database('request')
  await using web = await openTestServer(
    settingsRoutes({ db, settings, installation, node: '26.0.0', guard: async () => null }),
  )
  const ask = async () => JSON.parse((await web.ask('/v1/settings')).text)
  const told = await ask()
  assert.match(told.database, /^\d+/)
  assert.deepEqual(
    told.settings.map((setting: { value: unknown }) => setting.value),
    ['http://localhost:4000', null],
  )
  await database[Symbol.asyncDispose]()
  await store.drop()
  assert.equal((await ask()).database, null)
  assert.equal((await ask()).environment, 'test')
})
