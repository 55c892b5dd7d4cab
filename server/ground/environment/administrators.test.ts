import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import { silentLog } from '../../platform/log.ts'
import {
  createTestDatabase,
  makeTestFolder,
  removeTestFolder,
  type TestDatabase,
} from '../../platform/testing/index.ts'
import { grantAdministrator, hasAdministrator, migrations, openAdministrators } from './index.ts'
import { addEnrolment, isEnrolmentOpen, useEnrolment } from './queries.ts'

const now = new Date('2026-11-21T08:00:00Z')
const later = new Date(now.getTime() + 15 * 60_000)

let store: TestDatabase
let database: DatabaseServer
let folder: string
before(async () => {
  store = await createTestDatabase()
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources: [migrations], log: silentLog })
  database = openDatabaseServer({ url: store.databaseUrl, name: 'test', clock: systemClock, log: silentLog })
  folder = await makeTestFolder()
})
after(async () => {
  await database[Symbol.asyncDispose]()
  await store.drop()
  removeTestFolder(folder)
})
const db = () => database.database('background')

test('who was made an administrator is one after the next reading, and in an outage too', async () => {
  const administrators = await openAdministrators({ db: db(), folder })
  assert.equal(await hasAdministrator(db()), false)
  assert.equal(administrators.has('usr_1'), false)
  await grantAdministrator(db(), 'usr_1', 'an enrolment link', now)
  await grantAdministrator(db(), 'usr_1', 'again', now)
  await administrators.reload()
  assert.equal(administrators.has('usr_1'), true)
  assert.equal(await hasAdministrator(db()), true)

  const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', name: 'test', clock: systemClock, log: silentLog }
  await using away = openDatabaseServer(nowhere)
  const started = await openAdministrators({ db: away.database('background'), folder })
  assert.equal(started.has('usr_1'), true)
  await assert.rejects(started.reload(), { name: 'DatabaseOutage' })
  assert.equal(started.has('usr_1'), true)
})

test('a damaged file stops no start and lets nobody in, until the database has told', async () => {
  const file = join(folder, 'administrators.json')
  for (const damaged of ['["usr_', '{"usr_1":true}', 'null', '[1]', '{"usr_1":"king"}']) {
    await writeFile(file, damaged)
    const administrators = await openAdministrators({ db: db(), folder })
    assert.equal(administrators.has('usr_1'), false, damaged)
    await administrators.reload()
    assert.equal(administrators.has('usr_1'), true, damaged)
    assert.equal(await readFile(file, 'utf8'), '{"usr_1":"administrator"}')
  }
})

test('what the previous release kept is understood: its list was one of administrators', async () => {
  await writeFile(join(folder, 'administrators.json'), '["usr_2"]')
  const administrators = await openAdministrators({ db: db(), folder })
  assert.equal(administrators.roleOf('usr_2'), 'administrator')
  assert.ok(administrators.scopesOf('usr_2').has('settings:write'))
  assert.equal(administrators.scopesOf('usr_3').size, 0)
})

test('of the enrolments that several processes print one works, once, until it expires; the others end with it', async () => {
  const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  await addEnrolment(db(), { tokenDigest: first, expiresAt: later }, now)
  await addEnrolment(db(), { tokenDigest: second, expiresAt: later }, now)
  assert.equal(await isEnrolmentOpen(db(), first, now), true)
  assert.equal(await isEnrolmentOpen(db(), second, now), true)
  assert.equal(await useEnrolment(db(), second, later), false)
  const use = (digest: Buffer) => db().transaction((tx) => useEnrolment(tx, digest, now))
  const uses = await Promise.all([first, second, second, first].map(use))
  assert.equal(uses.filter(Boolean).length, 1)
  assert.equal(await isEnrolmentOpen(db(), first, now), false)
  assert.equal(await isEnrolmentOpen(db(), second, now), false)
})

test('of the enrolments of a process that starts over and over, the newest ten are open', async () => {
  const digests = Array.from({ length: 12 }, (_, index) => Buffer.alloc(32, index + 10))
  for (const [index, tokenDigest] of digests.entries()) {
    await addEnrolment(db(), { tokenDigest, expiresAt: new Date(later.getTime() + index * 1000) }, now)
  }
  const open = await Promise.all(digests.map((digest) => isEnrolmentOpen(db(), digest, now)))
  assert.deepEqual(open, [false, false, ...Array.from({ length: 10 }, () => true)])
})
