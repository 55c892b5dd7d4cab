import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DatabaseOutage, onOneConnection, sql } from '../../platform/database/index.ts'
import { openWire } from '../../platform/database/testing.ts'
import { silentLog } from '../../platform/log.ts'
import {
  createTestDatabase,
  makeTestFolder,
  removeTestFolder,
  type TestDatabase,
} from '../../platform/testing/index.ts'
import { checkStore, migrations, prepareStore, readKeptStamp, StampRefused } from './index.ts'

const ASK_MS = 10_000
const now = new Date('2026-11-21T08:00:00Z')

const folders: string[] = []
async function dataFolder(): Promise<string> {
  const folder = await makeTestFolder()
  folders.push(folder)
  return folder
}
let shared: TestDatabase
before(async () => {
  shared = await createTestDatabase()
})
after(async () => {
  await shared.drop()
  for (const folder of folders) removeTestFolder(folder)
})

const prepare = (database: { ownerUrl: string }, folder: string, environment = 'production') =>
  prepareStore({
    ownerUrl: database.ownerUrl,
    appRole: 'holdfast_app',
    environment,
    folder,
    sources: [migrations],
    now,
    log: silentLog,
  })

/** Everything that stands in a database, as one text: what is there, and every row of ours. */
async function contents(url: string): Promise<string> {
  return onOneConnection(url, ASK_MS, async (db) => {
    const tables = await db.many<{ name: string }>(sql`
      select format('%I.%I', table_schema, table_name) as name
        from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')
       order by 1
       limit 100`)
    const { rows } = await db.one<{ rows: string }>(sql`
      select query_to_xml('select schema_name, name, applied_at from platform.migration order by 1, 2', true, false, '')::text
          || query_to_xml('select environment, installation_id, stamped_at from environment.stamp', true, false, '')::text
          || query_to_xml('select process, at from platform.heartbeat order by 1', true, false, '')::text as rows`)
    return JSON.stringify({ tables, rows })
  })
}

test('an empty store is stamped with the environment and an installation, and the data folder keeps a copy', async () => {
  await using database = await createTestDatabase()
  const folder = await dataFolder()
  const stamp = await prepare(database, folder)
  assert.equal(stamp.environment, 'production')
  assert.match(stamp.installationId, /^ins_[0-9a-z]{26}$/)
  assert.deepEqual(await readKeptStamp(folder), stamp)
  assert.deepEqual(await prepare(database, folder), stamp)
})

test('two processes that start together on an empty store agree on one stamp', async () => {
  await using database = await createTestDatabase()
  const stamps = await Promise.all([1, 2, 3].map(async () => prepare(database, await dataFolder())))
  assert.equal(new Set(stamps.map((stamp) => stamp.installationId)).size, 1)
})

test('a store of another environment is refused in one line that names both, and nothing is written to it', async () => {
  await using database = await createTestDatabase()
  const theirs = await prepare(database, await dataFolder(), 'demo')
  const before = await contents(database.ownerUrl)
  const folder = await dataFolder()
  await assert.rejects(prepare(database, folder, 'production'), (error: Error) => {
    assert.ok(error instanceof StampRefused)
    assert.match(error.message, /environment "demo"/)
    assert.match(error.message, /this is "production"/)
    assert.ok(error.message.includes(theirs.installationId))
    assert.ok(!error.message.includes('\n'))
    return true
  })
  assert.equal(await contents(database.ownerUrl), before)
  assert.equal(await readKeptStamp(folder), undefined)
})

test('another installation of the same environment is refused by its id, and nothing is written to it', async () => {
  await using database = await createTestDatabase()
  await using other = await createTestDatabase()
  const folder = await dataFolder()
  const ours = await prepare(database, folder)
  const theirs = await prepare(other, await dataFolder())
  const before = await contents(other.ownerUrl)
  await assert.rejects(prepare(other, folder), (error: Error) => {
    assert.ok(error instanceof StampRefused)
    assert.ok(error.message.includes(theirs.installationId) && error.message.includes(ours.installationId))
    return true
  })
  assert.equal(await contents(other.ownerUrl), before)
})

test('a data folder of another environment is refused before the database is asked', async () => {
  const folder = await dataFolder()
  await prepare(shared, folder)
  const nowhere = { ownerUrl: 'postgres://nobody@127.0.0.1:1/none' }
  await assert.rejects(prepare(nowhere, folder, 'demo'), /the data folder .* belongs to the environment "production"/)
})

test('a data folder whose stamp is damaged is refused in one line that says what to do', async () => {
  const folder = await dataFolder()
  for (const damaged of ['', '{"environment":"produ', '{"environment":1}', 'null']) {
    await writeFile(join(folder, 'stamp.json'), damaged)
    await assert.rejects(prepare(shared, folder), /stamp\.json is damaged\. Put it back from a backup/)
  }
})

test('a database that somebody else uses is refused, though it bears no stamp', async () => {
  await using database = await createTestDatabase()
  await onOneConnection(database.ownerUrl, ASK_MS, (db) => db.run(sql`create schema environment`))
  await assert.rejects(
    prepare(database, await dataFolder()),
    /has a schema "environment" that Holdfast did not make\. Give Holdfast a database of its own\./,
  )
})

test('a start that was killed between migrating and stamping is finished by the next one', async () => {
  await using database = await createTestDatabase()
  await prepare(database, await dataFolder())
  await onOneConnection(database.ownerUrl, ASK_MS, (db) => db.run(sql`delete from environment.stamp`))
  await prepare(database, await dataFolder())
})

test('PostgreSQL 14 is refused in one line', async () => {
  await using database = await createTestDatabase()
  const { version } = await onOneConnection(database.ownerUrl, ASK_MS, (db) =>
    db.one<{ version: string }>(sql`select current_setting('server_version_num') as version`),
  )
  await using wire = await openWire(database.ownerUrl)
  wire.rewrite(version, '140013')
  await assert.rejects(prepare({ ownerUrl: wire.url }, await dataFolder()), (error: Error) => {
    assert.ok(error instanceof StampRefused)
    assert.match(error.message, /^the database is PostgreSQL 14, and Holdfast needs 15 or newer\.[^\n]*$/)
    return true
  })
})

test('a database that is back is ours by its stamp, and another’s is refused', async () => {
  await using database = await createTestDatabase()
  const stamp = await prepare(database, await dataFolder())
  await checkStore({ url: database.databaseUrl, stamp })
  await assert.rejects(
    checkStore({ url: database.databaseUrl, stamp: { ...stamp, environment: 'demo' } }),
    StampRefused,
  )
})

test('a database that is back without tables or stamp is an outage: a backup may still be coming in', async () => {
  await using empty = await createTestDatabase()
  const stamp = { environment: 'production', installationId: 'ins_1' }
  await assert.rejects(checkStore({ url: empty.databaseUrl, stamp }), DatabaseOutage)
  await using database = await createTestDatabase()
  await prepare(database, await dataFolder())
  await onOneConnection(database.ownerUrl, ASK_MS, (db) => db.run(sql`delete from environment.stamp`))
  await assert.rejects(checkStore({ url: database.databaseUrl, stamp }), /bears no stamp/)
})

test('an unreachable database is an outage, not a refusal', async () => {
  const nowhere = { ownerUrl: 'postgres://nobody@127.0.0.1:1/none' }
  await assert.rejects(prepare(nowhere, await dataFolder()), DatabaseOutage)
})

test('the stamp on disk is readable by its owner only', async () => {
  const folder = await dataFolder()
  await prepare(shared, folder)
  assert.equal((await stat(join(folder, 'stamp.json'))).mode & 0o777, 0o600)
  assert.match(await readFile(join(folder, 'stamp.json'), 'utf8'), /"installationId"/)
})
