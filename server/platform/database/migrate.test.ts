import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLog } from '../log.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder } from '../testing/index.ts'
import { type MigrationSource, migrate } from './migrate.ts'
import { onOneConnection } from './one-connection.ts'
import { DatabaseOutage } from './outage.ts'
import { type Statement, sql } from './sql.ts'

const APP = 'holdfast_app'
const ASK_MS = 10_000

let folder: string
let count = 0
before(async () => {
  folder = await makeTestFolder()
})
after(() => removeTestFolder(folder))

/** A feature with these migration files. */
async function feature(schema: string, files: Record<string, string>): Promise<MigrationSource> {
  const source = { schema, folder: join(folder, `${schema}-${count++}`) }
  await mkdir(source.folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(source.folder, name), text)
  return source
}

const up = (ownerUrl: string, sources: MigrationSource[], appRole = APP) =>
  migrate({ ownerUrl, appRole, sources, log: silentLog })
const on = <Row>(url: string, statement: Statement) =>
  onOneConnection(url, ASK_MS, (db) => db.many<Row & Record<string, unknown>>(statement))
const createThing = '-- expand: adds things.\ncreate table things.thing (id int primary key);\n'

test('each file is applied once, and the access role may use what it made', async () => {
  await using database = await createTestDatabase()
  const things = await feature('things', {
    '0001_thing.sql': createThing,
    '0002_name.sql': '-- expand: a nullable column.\nalter table things.thing add column name text;\n',
  })
  assert.equal(await up(database.ownerUrl, [things]), 2)
  assert.equal(await up(database.ownerUrl, [things]), 0)
  await on(database.databaseUrl, sql`insert into things.thing (id, name) values (1, 'one')`)
  assert.deepEqual(await on(database.databaseUrl, sql`select id, name from things.thing limit 10`), [
    { id: 1, name: 'one' },
  ])
})

test('two processes that start together migrate once', async () => {
  await using database = await createTestDatabase()
  const things = await feature('things', { '0001_thing.sql': createThing })
  const applied = await Promise.all(Array.from({ length: 4 }, () => up(database.ownerUrl, [things])))
  assert.deepEqual(applied.sort(), [0, 0, 0, 1])
})

test('the access role owns nothing, and cannot alter, drop, truncate or make tables', async () => {
  await using database = await createTestDatabase()
  const things = await feature('things', { '0001_thing.sql': createThing })
  await up(database.ownerUrl, [things])
  const owned = await on(
    database.databaseUrl,
    sql`select relname from pg_class join pg_roles on pg_roles.oid = relowner where rolname = current_user limit 10`,
  )
  assert.deepEqual(owned, [])
  for (const forbidden of [
    sql`drop table things.thing`,
    sql`alter table things.thing add column more text`,
    sql`truncate things.thing`,
    sql`drop schema things cascade`,
    sql`create table things.more (id int)`,
    sql`create table public.more (id int)`,
    sql`create schema theirs`,
    sql`alter function platform.check_fence(integer) rename to gone`,
    sql`create or replace function platform.check_fence(allowed_ms integer) returns void language sql as ''`,
    sql`insert into platform.migration (schema_name, name, checksum) values ('things', '0009_x.sql', 'x')`,
    sql`delete from platform.migration`,
  ]) {
    await assert.rejects(on(database.databaseUrl, forbidden), { code: '42501' }, forbidden.text)
  }
})

test('with one role for everything the store works as well', async () => {
  await using database = await createTestDatabase()
  const things = await feature('things', { '0001_thing.sql': createThing })
  const owner = new URL(database.ownerUrl).username
  assert.equal(await up(database.ownerUrl, [things], owner), 1)
  await on(database.ownerUrl, sql`insert into things.thing (id) values (1)`)
})

test('a file that was changed after it had been applied is refused by name, and nothing is done', async () => {
  await using database = await createTestDatabase()
  await up(database.ownerUrl, [await feature('things', { '0001_thing.sql': createThing })])
  const edited = await feature('things', {
    '0001_thing.sql': `${createThing}-- one more word`,
    '0002_more.sql': '-- expand: more.\ncreate table things.more (id int);\n',
  })
  await assert.rejects(up(database.ownerUrl, [edited]), {
    name: 'MigrationRefused',
    message: /^things\/0001_thing\.sql was changed after it had been applied\./,
  })
  await assert.rejects(on(database.ownerUrl, sql`select id from things.more limit 1`), { code: '42P01' })
})

test('a checkout with other line ends is the same migration', async () => {
  await using database = await createTestDatabase()
  await up(database.ownerUrl, [await feature('things', { '0001_thing.sql': createThing })])
  const windows = await feature('things', { '0001_thing.sql': createThing.replaceAll('\n', '\r\n') })
  assert.equal(await up(database.ownerUrl, [windows]), 0)
})

test('a file that was slipped in before one that has been applied is refused', async () => {
  await using database = await createTestDatabase()
  await up(database.ownerUrl, [await feature('things', { '0002_thing.sql': createThing })])
  const slipped = await feature('things', { '0001_early.sql': createThing, '0002_thing.sql': createThing })
  await assert.rejects(up(database.ownerUrl, [slipped]), /0001_early\.sql comes before 0002_thing\.sql/)
})

test('an older release beside a newer store leaves what it does not know alone', async () => {
  await using database = await createTestDatabase()
  const newer = {
    '0001_thing.sql': createThing,
    '0002_more.sql': '-- expand: more.\ncreate table things.more (id int);\n',
  }
  await up(database.ownerUrl, [await feature('things', newer)])
  assert.equal(await up(database.ownerUrl, [await feature('things', { '0001_thing.sql': createThing })]), 0)
})

test('a file without its header, or with a name out of order, is refused before anything is asked', async () => {
  const refused = (files: Record<string, string>, says: RegExp) =>
    assert.rejects(async () => up('postgres://nobody@127.0.0.1:1/none', [await feature('things', files)]), {
      name: 'MigrationRefused',
      message: says,
    })
  await refused({ '0001_thing.sql': 'create table things.thing (id int);' }, /must begin with "-- expand:"/)
  await refused({ '0001_thing.sql': '-- expand:\ncreate table things.thing (id int);' }, /must begin with/)
  await refused({ '1_thing.sql': createThing }, /must be named like/)
})

test('a migration that fails leaves nothing behind, and is refused with what PostgreSQL says', async () => {
  await using database = await createTestDatabase()
  const broken = await feature('things', { '0001_thing.sql': `${createThing}select * from nowhere;` })
  await assert.rejects(up(database.ownerUrl, [broken]), {
    name: 'MigrationRefused',
    message: /things\/0001_thing\.sql was not applied: relation "nowhere" does not exist \(42P01\)/,
  })
  await assert.rejects(on(database.ownerUrl, sql`select id from things.thing limit 1`), { code: '42P01' })
  await rm(broken.folder, { recursive: true })
  assert.equal(await up(database.ownerUrl, [await feature('things', { '0001_thing.sql': createThing })]), 1)
})

test('a table that somebody holds puts the migration off, as an outage, before requests time out behind it', async () => {
  await using database = await createTestDatabase()
  const first = { '0001_thing.sql': createThing }
  await up(database.ownerUrl, [await feature('things', first)])
  const both = { ...first, '0002_name.sql': '-- expand: a column.\nalter table things.thing add column name text;\n' }
  const second = await feature('things', both)
  await onOneConnection(database.databaseUrl, ASK_MS, async (db) => {
    await db.run(sql`begin`)
    await db.many(sql`select id from things.thing limit 1`)
    await assert.rejects(up(database.ownerUrl, [second]), DatabaseOutage)
  })
  assert.equal(await up(database.ownerUrl, [second]), 1)
})

test('an access role that does not exist is refused in one line', async () => {
  await using database = await createTestDatabase()
  await assert.rejects(up(database.ownerUrl, [], 'nobody_of_that_name'), {
    name: 'MigrationRefused',
    message: /^The role of HOLDFAST_DATABASE_URL is not there: role "nobody_of_that_name" does not exist\.$/,
  })
})

test('an owner who may not make schemas is refused in one line', async () => {
  await using database = await createTestDatabase()
  await assert.rejects(up(database.databaseUrl, []), {
    name: 'MigrationRefused',
    message: /^The role of HOLDFAST_DATABASE_OWNER_URL may not make the tables: permission denied[^\n]*$/,
  })
})

test('a database that cannot be reached is an outage, not a refusal', async () => {
  await assert.rejects(up('postgres://nobody@127.0.0.1:1/none', []), DatabaseOutage)
})
