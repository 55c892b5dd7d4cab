import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestSignals } from '../../../ground/signals/index.ts'
import { asOwner, by, fakeClock, flagOf, flagsDatabase, type FlagsRig, manyFlags, openRig } from '../testing.ts'

const COUNT = 30
const off = JSON.stringify(flagOf('off'))
const asReplica = (statement: string) => `set session_replication_role = replica; ${statement}`
const rewriteLog = asReplica(`update flags.change set reason = 'made up' where id = 3`)
const change = (key: string) => `update flags.entry set definition = '${off}' where key = '${key}'`

async function openSome() {
  const database = await flagsDatabase()
  const clock = fakeClock()
  const rig = await openRig({ databaseUrl: database.databaseUrl, clock })
  await rig.flags.follow()
  const definition = {
    ...manyFlags(COUNT),
    $evaluators: { pro: { '===': [{ var: 'plan' }, 'pro'] } },
    metadata: { flagSetId: 'notes' },
  }
  await rig.flags.write((tx) => rig.flags.verbs.importDefinition(tx, by, { definition, mode: 'merge' }))
  return {
    rig,
    clock,
    database,
    asOwner: (statement: string) => asOwner(database.ownerUrl, statement),
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

const make = ({ flags }: FlagsRig, key: string) =>
  flags.write((tx) => flags.verbs.make(tx, by, { kind: 'flag', key, definition: flagOf() }))
const restore = ({ flags }: FlagsRig) => flags.write((tx) => flags.verbs.restore(tx, by, {}))
const look = async ({ flags }: FlagsRig) => {
  await flags.follow()
  return flags.standing()
}
const told = async (rig: FlagsRig) =>
  (await newestSignals(rig.server().database('request'), ['flags.wiped', 'flags.whole-again'], 10)).map(
    ({ kind }) => kind,
  )

test('the sentence names what was changed past access, the first of many', async () => {
  await using some = await openSome()
  const { rig } = some
  await some.asOwner(`${change('flag-002')}; update flags.entry set definition = 'true' where kind = 'evaluator'`)
  assert.match(
    (await look(rig)).sentence,
    /of (the flag flag-002, the segment pro|the segment pro, the flag flag-002):/,
  )
  await some.asOwner(`update flags.entry set definition = '{}' where kind = 'set'; update flags.entry set definition = '${off}'
                       where kind = 'flag'`)
  assert.match((await look(rig)).sentence, /(the (flag|segment) [\w-]+, ){5}27 more: no change did that\.$/)
  await restore(rig)
  assert.equal((await look(rig)).state, 'following')
})

test('rows that were written anew and say the same are no harm: a vacuum, a dump that was put back', async () => {
  await using some = await openSome()
  const { rig } = some
  const harmless = [
    'vacuum (freeze, full) flags.entry',
    'vacuum (freeze) flags.change',
    'update flags.entry set definition = definition',
    asReplica('update flags.change set id = id'),
    asReplica(`create temporary table entries as select * from flags.entry;
               create temporary table changes as select * from flags.change;
               truncate flags.entry, flags.change;
               insert into flags.entry select * from entries;
               insert into flags.change select * from changes`),
  ]
  for (const statement of harmless) {
    await some.asOwner(statement)
    const { state, sentence } = await look(rig)
    assert.equal(state, 'following', `${statement}: ${sentence}`)
  }
  await make(rig, 'new')
  assert.equal((await look(rig)).state, 'following')
  assert.deepEqual(await told(rig), [])
})

test('what somebody changed is noticed also when it was done in the second of an honest change', async () => {
  await using some = await openSome()
  const { rig, database, clock } = some
  await using other = await openRig({ databaseUrl: database.databaseUrl, clock })
  await other.flags.follow()
  await some.asOwner(change('flag-002'))
  await make(other, 'new')
  for (const each of [rig, other]) assert.match((await look(each)).sentence, /the flag flag-002/)
  await assert.rejects(make(rig, 'newer'), { code: 'flags.held' })
})

test('what was put back as it was ends the hold by itself', async () => {
  await using some = await openSome()
  const { rig } = some
  await some.asOwner(change('flag-002'))
  assert.equal((await look(rig)).fault, 'wiped')
  await some.asOwner(`update flags.entry set definition = (select definition from flags.entry where key = 'flag-003')
                       where key = 'flag-002'`)
  assert.equal((await look(rig)).state, 'following')
  assert.deepEqual(await told(rig), ['flags.whole-again', 'flags.wiped'])
})

test('entries that were changed while nobody looked are noticed by whoever starts', async () => {
  await using some = await openSome()
  const { rig, database, clock } = some
  await some.asOwner(change('flag-002'))
  await rig.restart()
  assert.match((await look(rig)).sentence, /the flag flag-002/)
  await using fresh = await openRig({ databaseUrl: database.databaseUrl, clock })
  assert.match((await look(fresh)).sentence, /the flag flag-002/)
})

test('a log that was rewritten holds changes until a restore, also after a restart and in a new process', async () => {
  await using some = await openSome()
  const { rig, database, clock } = some
  await look(rig)
  await some.asOwner(rewriteLog)
  const sentence = 'Among the rows 1 to 32 of the change log are some that say something else than before.'
  assert.equal((await look(rig)).sentence, sentence)
  await rig.restart()
  assert.equal((await look(rig)).sentence, sentence)
  await using fresh = await openRig({ databaseUrl: database.databaseUrl, clock })
  assert.equal((await look(fresh)).sentence, sentence)
  await assert.rejects(make(fresh, 'new'), { code: 'flags.held' })
  assert.deepEqual(await told(rig), ['flags.wiped'])
  await restore(rig)
  for (const each of [rig, fresh]) assert.equal((await look(each)).state, 'following')
  await make(rig, 'new')
})

test('of an old log each row is looked at in turn, and the newest every second', async () => {
  await using some = await openSome()
  const { rig } = some
  await some.asOwner(
    asReplica(`insert into flags.change (id, change_id, epoch, seq, at, kind, key, deed, by_kind, by_id)
               select changes + n, 'chg_' || n, 1, 2, now(), 'flag', 'gone-' || n % 100, 'edit', 'person', 'usr_1'
                 from flags.head, generate_series(1, 34968) as n;
               update flags.head set changes = 35000`),
  )
  const round = 4
  for (let times = 0; times < round; times += 1) assert.equal((await look(rig)).state, 'following')
  const rewrite = (id: number) => some.asOwner(asReplica(`update flags.change set deed = deed || '!' where id = ${id}`))
  await rewrite(12_345)
  const seen: string[] = []
  for (let times = 0; times < round; times += 1) seen.push((await look(rig)).sentence)
  assert.match(seen.at(-1)!, /^Among the rows 10001 to 20000 of the change log/)
  await restore(rig)
  for (let times = 0; times < round; times += 1) assert.equal((await look(rig)).state, 'following')
  for (const id of [25_000, 35_000]) {
    await rewrite(id)
    assert.match((await look(rig)).sentence, /of the change log are some/, `${id} at once`)
    await restore(rig)
    await look(rig)
  }
})

test('an archived flag comes back as the log has it, whatever somebody wrote into the list', async () => {
  await using some = await openSome()
  const { rig } = some
  await rig.flags.write((tx) => rig.flags.verbs.archive(tx, by, { kind: 'flag', keys: ['flag-002'] }))
  await some.asOwner(change('flag-002'))
  assert.equal((await look(rig)).state, 'following')
  await rig.flags.write((tx) => rig.flags.verbs.bringBack(tx, by, { kind: 'flag', key: 'flag-002' }))
  assert.equal(rig.flags.current()!.body.flags['flag-002']!.defaultVariant, 'on')
  assert.equal((await look(rig)).state, 'following')
})
