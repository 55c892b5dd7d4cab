import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluateAs } from '../../../sdk/evaluate.ts'
import { newestSignals } from '../../ground/signals/index.ts'
import { DatabaseOutage, type DatabaseServer } from '../../platform/database/index.ts'
import {
  asOwner,
  by,
  copyOf,
  fakeClock,
  flagOf,
  flagsDatabase,
  type FlagsRig,
  manyFlags,
  openClient,
  openRig,
  wipe,
} from './testing.ts'

const COUNT = 500
const asReplica = (statement: string) => `set session_replication_role = replica; ${statement}`

/** A process with 500 flags that are on, and an app that follows it. */
async function openFull() {
  const database = await flagsDatabase()
  const clock = fakeClock()
  const rig = await openRig({ databaseUrl: database.databaseUrl, clock })
  await rig.flags.follow()
  await importMany(rig, COUNT)
  const client = openClient()
  client.offer(rig.flags.current()!.text)
  return {
    database,
    rig,
    clock,
    client,
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

const importMany = ({ flags }: FlagsRig, count: number) =>
  flags.write((tx) => flags.verbs.importDefinition(tx, by, { definition: manyFlags(count), mode: 'merge' }))

const make = ({ flags }: FlagsRig, key: string) =>
  flags.write((tx) => flags.verbs.make(tx, by, { kind: 'flag', key, definition: flagOf() }))

function wrongAnswers({ flags }: FlagsRig, count = COUNT): number {
  const { set } = flags.current()!
  const asked = Object.keys(manyFlags(count).flags)
  return asked.filter((key) => evaluateAs(set, { key, type: 'boolean', nowMs: 0 }).value !== true).length
}

const told = (rig: FlagsRig) =>
  newestSignals(rig.server().database('request'), ['flags.wiped', 'flags.behind', 'flags.whole-again'], 10).then(
    (rows) => rows.map(({ kind }) => kind),
  )

const isHeld = { code: 'flags.held' }

/** How somebody gets round every guard, and by what it is told. */
const harms: Record<string, { statement: string; kind?: string; heals?: true }> = {
  'all tables emptied': {
    statement: 'truncate flags.head, flags.change, flags.entry, flags.snapshot, flags.key, flags.report, flags.intent',
  },
  'the entries emptied': { statement: 'truncate flags.entry' },
  'a portion of the entries deleted': {
    statement: `delete from flags.entry where key in (select key from flags.entry order by key limit 7)`,
  },
  'the log emptied': { statement: 'truncate flags.change' },
  'one row of the log deleted': { statement: 'delete from flags.change where id = 17' },
  'the head deleted': { statement: 'delete from flags.head' },
  'the head as if there had never been a flag': {
    statement: `update flags.head set epoch = 0, seq = 0, digest = '', changes = 0`,
  },
  'the head set back': { statement: 'update flags.head set seq = 1', kind: 'flags.behind' },
  'a definition changed': {
    statement: `update flags.entry set definition = '{"state":"DISABLED","variants":{"on":true}}' where key = 'flag-007'`,
  },
  'one entry in the place of another': { statement: `update flags.entry set key = 'made-up' where key = 'flag-007'` },
  'all entries deleted and put in again, one of them changed': {
    statement: `create temporary table before as select * from flags.entry;
                delete from flags.entry;
                insert into flags.entry select * from before;
                update flags.entry set definition = '{}' where key = 'flag-500'`,
  },
  'metadata of the set made up': {
    statement: `insert into flags.entry (kind, key, definition, epoch, seq, created_at, created_by, changed_at, changed_by)
                values ('set', '', '{"holdfast.on_unknown":"refuse"}', 1, 2, now(), 'x', now(), 'x')`,
  },
  'one row of the log rewritten': {
    statement: `update flags.change set after = '{"definition":{},"name":null,"description":null,"tags":[]}' where id = 17`,
  },
  'the whole log rewritten': { statement: `update flags.change set by_id = 'somebody-else'` },
  // What this process holds is put back; the log was never touched.
  'the snapshots deleted': { statement: 'truncate flags.snapshot', heals: true },
  'the keys deleted': { statement: 'truncate flags.key' },
  'a snapshot that nobody signed': {
    statement: `insert into flags.snapshot select epoch, seq + 1, 'made-up', made_at, packed from flags.snapshot where seq = 2`,
    kind: 'flags.behind',
  },
}

for (const [harm, { statement, kind = 'flags.wiped', heals }] of Object.entries(harms)) {
  test(`${harm} by a superuser: no answer changes, the next look says so, and a restore brings everybody along`, async () => {
    await using full = await openFull()
    const { rig, client, database } = full
    await asOwner(database.ownerUrl, asReplica(statement))

    await rig.flags.follow()
    assert.equal(rig.flags.standing().state, 'holding')
    assert.deepEqual(await told(rig), [kind])
    assert.equal(wrongAnswers(rig), 0)
    await rig.flags.follow()
    assert.deepEqual(await told(rig), heals ? ['flags.whole-again', kind] : [kind], 'once')
    if (!heals) await assert.rejects(make(rig, 'new'), isHeld)

    const restored = await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
    assert.deepEqual(restored.number, { epoch: 2, seq: 1 })
    assert.equal(Object.keys(restored.before.definition.flags).length, COUNT)
    assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
    assert.deepEqual([client.number(), client.count(), wrongAnswers(rig)], ['e2.s1', COUNT, 0])
    assert.equal(rig.flags.standing().state, 'following', rig.flags.standing().sentence)
    assert.deepEqual(await told(rig), ['flags.whole-again', kind])

    await make(rig, 'new')
    assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
    assert.equal(client.count(), COUNT + 1)
    const listed = await rig.flags.reads.list({ kind: 'flag', limit: 1000 })
    assert.equal(listed.length, COUNT + 1)
    const folded = await rig.flags.reads.at(full.clock.now())
    assert.equal(Object.keys(folded.definition.flags).length, COUNT + 1, 'the log says it again')
  })
}

test('what was wiped is served by a restart from disk, and by a new process that finds it beside the head', async () => {
  await using full = await openFull()
  const { rig, database, clock } = full
  await wipe(database.ownerUrl)
  await rig.restart()
  assert.deepEqual([rig.flags.current()?.source, wrongAnswers(rig)], ['disk', 0], 'before anybody was asked')

  await using early = await openRig({ databaseUrl: database.databaseUrl, clock })
  await early.flags.follow()
  assert.equal(early.flags.current(), undefined, 'neither disk nor database: nothing, and never an empty set')
  assert.equal(early.flags.standing().state, 'holding')

  await rig.flags.follow()
  assert.equal(rig.flags.current()!.ageMs(), null)
  await early.flags.follow()
  assert.equal(wrongAnswers(early), 0)
  await assert.rejects(make(early, 'new'), isHeld)

  // It has no keys of its own, and a restore needs one that was there before.
  await assert.rejects(
    early.flags.write((tx) => early.flags.verbs.restore(tx, by, {})),
    { code: 'flags.no_keys' },
  )
  await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
  await early.flags.follow()
  assert.deepEqual([early.flags.current()!.epoch, early.flags.standing().state], [2, 'following'])
  await make(early, 'new')
})

test('a database that was put in the place of another is not the truth, whoever looks first', async () => {
  await using full = await openFull()
  const { rig, client, clock } = full
  await using empty = await flagsDatabase()
  await rig.restart(empty)
  // A process with an empty disk; the store tells that the installation is older than this database.
  await using fresh = await openRig({ databaseUrl: empty.databaseUrl, clock, isOriginal: false })
  await fresh.flags.follow()
  assert.equal(fresh.flags.current(), undefined)

  await rig.flags.follow()
  assert.deepEqual([rig.flags.standing().fault, wrongAnswers(rig)], ['wiped', 0])
  assert.deepEqual(await told(rig), ['flags.wiped'])
  await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
  await fresh.flags.follow()
  assert.equal(client.offer(fresh.flags.current()!.text), 'accepted')
  assert.deepEqual([client.number(), client.count()], ['e2.s1', COUNT])
})

test('a database that was set back to a backup is followed by nobody until a person has said what is true', async () => {
  await using full = await openFull()
  const { rig, client, database } = full
  await using backup = await copyOf(database)
  await make(rig, 'after-the-backup')
  client.offer(rig.flags.current()!.text)
  await rig.restart(backup)

  await rig.flags.follow()
  assert.deepEqual([rig.flags.standing().fault, rig.flags.current()!.body.count], ['behind', COUNT + 1])
  await assert.rejects(make(rig, 'new'), isHeld)
  await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
  assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
  assert.deepEqual([client.number(), client.count()], ['e2.s1', COUNT + 1])
})

test('a backup that is adopted buries what it does not know, and the same backup a second time too', async () => {
  await using full = await openFull()
  const { rig, client, database } = full
  await using backup = await copyOf(database)
  await using again = await copyOf(backup)
  await make(rig, 'after-the-backup')
  client.offer(rig.flags.current()!.text)
  for (const [index, set] of [backup, again].entries()) {
    await rig.restart(set)
    await rig.flags.follow()
    const adopted = await rig.flags.write((tx) => rig.flags.verbs.adopt(tx, by, {}))
    assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
    assert.deepEqual([client.number(), client.count()], [`e${index + 2}.s1`, COUNT])
    assert.equal(adopted.removed, index === 0 ? 1 : 0)
    await make(rig, 'made-again')
    client.offer(rig.flags.current()!.text)
    await rig.flags.write((tx) => rig.flags.verbs.archive(tx, by, { kind: 'flag', keys: ['made-again'] }))
    client.offer(rig.flags.current()!.text)
  }
})

test('an emptied database is adopted only by whoever says how many go', async () => {
  await using full = await openFull()
  const { rig, client, database } = full
  await asOwner(database.ownerUrl, asReplica('truncate flags.entry'))
  await rig.flags.follow()
  const adopt = (confirm?: number) => rig.flags.write((tx) => rig.flags.verbs.adopt(tx, by, { confirm }))
  await assert.rejects(adopt(), { code: 'flags.mass_deletion' })
  await adopt(COUNT)
  assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
  assert.equal(client.count(), 0)
})

test('all 500 are deleted on purpose by their number, and brought back to an instant', async () => {
  await using full = await openFull()
  const { rig, client, clock } = full
  const then = clock.now()
  clock.advance(60_000)
  const keys = Object.keys(manyFlags(COUNT).flags)
  const archive = (confirm?: number) =>
    rig.flags.write((tx) => rig.flags.verbs.archive(tx, by, { kind: 'flag', keys, confirm }))
  for (const confirm of [undefined, 499, 501]) await assert.rejects(archive(confirm), { code: 'flags.mass_deletion' })
  await archive(COUNT)
  assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
  assert.deepEqual([client.count(), rig.flags.standing().state], [0, 'following'])

  const { before, added } = await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, { at: then }))
  assert.deepEqual([Object.keys(before.definition.flags).length, added], [0, COUNT])
  assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
  assert.deepEqual([client.number(), client.count(), wrongAnswers(rig)], ['e2.s1', COUNT, 0])
})

test('of two processes that write at the same moment both are kept, each under a number of its own', async () => {
  await using full = await openFull()
  const { rig, client, database, clock } = full
  await using other = await openRig({ databaseUrl: database.databaseUrl, clock })
  await other.flags.follow()
  const done = await Promise.all([make(rig, 'one'), make(other, 'two'), make(rig, 'three'), make(other, 'four')])
  const numbers = done.map(({ number }) => number.seq)
  assert.deepEqual(numbers.toSorted(), [3, 4, 5, 6])
  await Promise.all([rig.flags.follow(), other.flags.follow()])
  assert.equal(rig.flags.current()!.digest, other.flags.current()!.digest)
  assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
  assert.deepEqual([client.number(), client.count()], ['e1.s6', COUNT + 4])
})

test('a change whose COMMIT had no answer is served when it was kept, and never made twice', async () => {
  const state = { loses: false }
  const wrap = (server: DatabaseServer): DatabaseServer => ({
    ...server,
    database: (purpose) => ({
      ...server.database(purpose),
      async transaction(work) {
        const result = await server.database(purpose).transaction(work)
        if (!state.loses) return result
        state.loses = false
        throw new DatabaseOutage('unknown', 'the answer was lost by the test')
      },
    }),
  })
  await using database = await flagsDatabase()
  await using rig = await openRig({ databaseUrl: database.databaseUrl, wrap })
  await rig.flags.follow()
  state.loses = true
  await assert.rejects(make(rig, 'lost'), { name: 'DatabaseOutage', outcome: 'unknown' })
  await rig.flags.follow()
  assert.deepEqual([rig.flags.current()!.seq, rig.flags.standing().state], [2, 'following'])
  await assert.rejects(make(rig, 'lost'), { code: 'flags.exists' })
})

test('the role of access can neither rewrite nor empty the log, nor delete more than ten a minute unannounced', async () => {
  await using full = await openFull()
  const { rig, database } = full
  for (const url of [database.databaseUrl, database.ownerUrl]) {
    for (const statement of [
      'update flags.change set reason = null',
      'delete from flags.change',
      'truncate flags.change',
    ]) {
      await assert.rejects(
        asOwner(url, statement),
        (error: { code: string }) => ['HF002', '42501'].includes(error.code) || assert.fail(statement),
      )
    }
    await assert.rejects(
      asOwner(
        url,
        `insert into flags.change (id, change_id, epoch, seq, at, kind, key, deed, before, after, by_kind, by_id)
                    select 10000 + n, 'chg_x', 1, 3, now(), 'flag', 'flag-' || n, 'delete', '{}', null, 'person', 'usr_1'
                      from generate_series(1, 11) as n`,
      ),
      { code: 'HF003' },
    )
  }
  const [owned] = await asOwner<{ tables: number }>(
    database.ownerUrl,
    `select count(*)::int as tables from pg_tables where schemaname = 'flags' and tableowner = 'holdfast_app'`,
  )
  assert.equal(owned?.tables, 0)
  for (let index = 1; index <= 10; index += 1) {
    const keys = [`flag-${String(index).padStart(3, '0')}`]
    await rig.flags.write((tx) => rig.flags.verbs.archive(tx, by, { kind: 'flag', keys }))
  }
  await assert.rejects(
    rig.flags.write((tx) => rig.flags.verbs.archive(tx, by, { kind: 'flag', keys: ['flag-011'] })),
    { code: 'flags.too_many_deletions' },
  )
  await rig.flags.write((tx) => rig.flags.verbs.archive(tx, by, { kind: 'flag', keys: ['flag-011'], confirm: 1 }))
  await assert.rejects(asOwner(database.ownerUrl, 'delete from flags.intent'), { code: 'HF002' })
})

test('a number that was made up in the tables holds changes, and uses no numbers up', async () => {
  await using full = await openFull()
  const { rig, client, database } = full
  await asOwner(
    database.ownerUrl,
    asReplica(`insert into flags.snapshot select 9007199254740990, n, 'made-up', made_at, packed
                 from flags.snapshot, generate_series(1, 5) as n where seq = 2;
               insert into flags.report values ('access', 'nobody', 9007199254740990, 1, 'live', 0, '{}', '[]', now())`),
  )
  await rig.flags.follow()
  assert.equal(rig.flags.standing().state, 'holding')
  await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
  assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
  assert.deepEqual([client.number(), client.count()], ['e2.s1', COUNT])
  assert.equal(rig.flags.standing().state, 'following', rig.flags.standing().sentence)
})

test('an installation that moved to another database before it had flags begins with them when somebody says so', async () => {
  await using empty = await flagsDatabase()
  await using rig = await openRig({ databaseUrl: empty.databaseUrl, isOriginal: false })
  await rig.flags.follow()
  assert.deepEqual([rig.flags.current(), rig.flags.standing().fault], [undefined, 'wiped'])
  await assert.rejects(
    rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {})),
    { code: 'flags.none_yet' },
  )
  const { number } = await rig.flags.write((tx) => rig.flags.verbs.adopt(tx, by, {}))
  assert.deepEqual([number, rig.flags.standing().state], [{ epoch: 1, seq: 1 }, 'following'])
  await make(rig, 'first')
})

test('a wipe is told also where what this process has cannot be written beside it', async () => {
  await using full = await openFull()
  const { database, rig } = full
  await asOwner(database.ownerUrl, 'revoke insert on flags.report, flags.snapshot from holdfast_app')
  await asOwner(database.ownerUrl, asReplica('truncate flags.entry, flags.snapshot'))
  await assert.rejects(rig.flags.follow(), /permission denied/)
  assert.deepEqual([await told(rig), wrongAnswers(rig)], [['flags.wiped'], 0])
})
