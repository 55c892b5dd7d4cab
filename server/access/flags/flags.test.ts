import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { evaluateAs, type FlagDefinition, type FlagValue } from '../../../sdk/evaluate.ts'
import type { DatabaseServer } from '../../platform/database/index.ts'
import type { TestDatabase } from '../../platform/testing/index.ts'
import type { Changed, FlagNumber } from './index.ts'
import { by, fakeClock, flagOf, flagsDatabase, type FlagsRig, manyFlags, openClient, openRig } from './testing.ts'

const clock = fakeClock()
let database: TestDatabase
let rig: FlagsRig
before(async () => {
  database = await flagsDatabase()
  rig = await openRig({ databaseUrl: database.databaseUrl, clock })
})
after(async () => {
  await rig[Symbol.asyncDispose]()
  await database.drop()
})

type Tx = Parameters<Parameters<FlagsRig['flags']['write']>[0]>[0]
const write = <T>(work: (tx: Tx, verbs: FlagsRig['flags']['verbs']) => Promise<T>) =>
  rig.flags.write((tx) => work(tx, rig.flags.verbs))
const make = (key: string, definition: unknown = flagOf(), more: object = {}): Promise<Changed> =>
  write((tx, verbs) => verbs.make(tx, by, { kind: 'flag', key, definition, ...more }))
const edit = (key: string, definition: unknown, madeOn: FlagNumber) =>
  write((tx, verbs) => verbs.edit(tx, by, { kind: 'flag', key, definition, made_on: madeOn }))
const segment = (key: string, definition: unknown) =>
  write((tx, verbs) => verbs.make(tx, by, { kind: 'evaluator', key, definition }))
const answer = (key: string, context = {}): FlagValue | undefined =>
  evaluateAs(rig.flags.current()!.set, { key, type: 'boolean', context, nowMs: 0 }).value
const versionOf = async (key: string) => {
  const { epoch, seq } = (await rig.flags.reads.find('flag', key))!
  return { epoch, seq }
}

test('the first start makes a root key and an empty snapshot, honestly signed', async () => {
  assert.equal(rig.flags.current(), undefined, 'nothing was looked at yet')
  await rig.flags.follow()
  const { epoch, seq, body, source } = rig.flags.current()!
  assert.deepEqual([epoch, seq, body.count, source], [1, 1, 0, 'live'])
  assert.equal(rig.flags.standing().state, 'following')
  assert.match(rig.flags.reads.trust()!.fingerprint, /^[\w-]{43}$/)
})

test('a flag that was made answers at once, with its hash pinned and its variants in their order', async () => {
  const definition = flagOf('small', { variants: { small: true, large: false } })
  const { number } = await make('ordered', definition, { name: 'Ordered', tags: ['a'], reason: 'to see' })
  const { body } = rig.flags.current()!
  assert.deepEqual([body.epoch, body.seq], [number.epoch, number.seq])
  assert.equal(answer('ordered'), true)
  assert.equal(body.flags.ordered!.metadata?.['holdfast.hash'], 'flagd-v2')
  const found = await rig.flags.reads.find('flag', 'ordered')
  assert.deepEqual(Object.keys((found!.definition as FlagDefinition).variants), ['small', 'large'])
  assert.deepEqual([found!.name, found!.tags, found!.created_by], ['Ordered', ['a'], by.id])
  const [row] = await rig.flags.reads.history({ key: 'ordered', limit: 5 })
  assert.deepEqual([row!.deed, row!.before, row!.reason, row!.seq], ['make', null, 'to see', number.seq])
  await assert.rejects(make('ordered'), { code: 'flags.exists' })
})

test('a change that was made on what somebody else has changed meanwhile is refused, and says by which number', async () => {
  await make('shared')
  const seen = await versionOf('shared')
  await make('another')
  const now = rig.flags.current()!
  await edit('shared', flagOf('off'), { epoch: now.epoch, seq: now.seq })
  await assert.rejects(edit('shared', flagOf('on'), seen), (error: { code: string; facts: FlagNumber }) => {
    assert.deepEqual([error.code, error.facts.seq], ['flags.changed_meanwhile', now.seq + 1])
    return true
  })
  assert.equal(answer('shared'), false)
  const unchanged = await edit('shared', flagOf('off'), await versionOf('shared'))
  assert.deepEqual(
    [unchanged.change_id, unchanged.number.seq],
    [null, now.seq + 1],
    'nothing to change makes no number',
  )
})

test('an edit that says nothing of the hash leaves everybody where they are', async () => {
  await make('pinned', flagOf('on', { metadata: { 'holdfast.hash': 'flagd-v1' } }))
  await edit('pinned', flagOf('off'), await versionOf('pinned'))
  assert.equal(rig.flags.current()!.body.flags.pinned!.metadata?.['holdfast.hash'], 'flagd-v1')
})

test('what could not work is refused with its place, and changes nothing', async () => {
  const number = rig.flags.current()!.seq
  const bad: [string, unknown][] = [
    ['no-variant', flagOf('gone')],
    ['no-segment', flagOf('on', { targeting: { $ref: 'nobody' } })],
    ['no-flag', 'on'],
    ['new\nline', flagOf()],
    ['', flagOf()],
  ]
  for (const [key, definition] of bad)
    await assert.rejects(make(key, definition), { code: 'flags.bad_definition' }, key)
  assert.equal(rig.flags.current()!.seq, number)
  await make('__proto__')
  assert.equal(answer('__proto__'), true)
})

test('a flag is killed in one step whatever was changed meanwhile, and the step is undone', async () => {
  const targeting = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] }
  await make('risky', flagOf('off', { targeting }))
  assert.equal(answer('risky', { plan: 'pro' }), true)
  const { change_id } = await write((tx, verbs) => verbs.kill(tx, by, { key: 'risky', variant: 'off', reason: 'fire' }))
  assert.equal(answer('risky', { plan: 'pro' }), false)
  await write((tx, verbs) => verbs.undo(tx, by, { change_id: change_id! }))
  assert.equal(answer('risky', { plan: 'pro' }), true)
  await write((tx, verbs) => verbs.kill(tx, by, { key: 'risky' }))
  assert.equal(answer('risky', { plan: 'pro' }), undefined, 'disabled: the default in the code counts')
  await assert.rejects(
    write((tx, verbs) => verbs.undo(tx, by, { change_id: change_id! })),
    { code: 'flags.changed_meanwhile' },
  )
  const unknown = write((tx, verbs) => verbs.kill(tx, by, { key: 'risky', variant: 'blue' }))
  await assert.rejects(unknown, { code: 'flags.no_such_variant' })
})

test('what was archived, and what was deleted, leaves a tombstone and comes back as it was', async () => {
  await make('fleeting', flagOf('on'), { name: 'Fleeting' })
  const client = openClient()
  client.offer(rig.flags.current()!.text)
  for (const deed of ['archive', 'remove'] as const) {
    await write((tx, verbs) => verbs[deed](tx, by, { kind: 'flag', keys: ['fleeting'] }))
    assert.equal(answer('fleeting'), undefined)
    assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
    const entry = await rig.flags.reads.find('flag', 'fleeting')
    assert.equal(entry?.archived_at instanceof Date, deed === 'archive')
    await write((tx, verbs) => verbs.bringBack(tx, by, { kind: 'flag', key: 'fleeting' }))
    assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
    assert.deepEqual([answer('fleeting'), (await rig.flags.reads.find('flag', 'fleeting'))?.name], [true, 'Fleeting'])
  }
  const back = write((tx, verbs) => verbs.bringBack(tx, by, { kind: 'flag', key: 'fleeting' }))
  await assert.rejects(back, { code: 'flags.not_archived' })
})

test('a segment decides for all flags that refer to it, and cannot be taken away from under them', async () => {
  await segment('paying', { in: [{ var: 'plan' }, ['pro']] })
  await make('for-paying', flagOf('off', { targeting: { if: [{ $ref: 'paying' }, 'on', 'off'] } }))
  assert.deepEqual([answer('for-paying', { plan: 'pro' }), answer('for-paying', { plan: 'team' })], [true, false])
  const gone = write((tx, verbs) => verbs.archive(tx, by, { kind: 'evaluator', keys: ['paying'] }))
  await assert.rejects(gone, { code: 'flags.still_referred' })
  const { epoch, seq } = (await rig.flags.reads.find('evaluator', 'paying'))!
  const wider = { in: [{ var: 'plan' }, ['pro', 'team']] }
  await write((tx, verbs) =>
    verbs.edit(tx, by, { kind: 'evaluator', key: 'paying', definition: wider, made_on: { epoch, seq } }),
  )
  assert.equal(answer('for-paying', { plan: 'team' }), true)
})

test('an import puts many in with one number; one that replaces says how many it takes away', async () => {
  const seq = rig.flags.current()!.seq
  const definition = { ...manyFlags(30), metadata: { flagSetId: 'imported' } }
  await write((tx, verbs) => verbs.importDefinition(tx, by, { definition, mode: 'merge' }))
  const { body } = rig.flags.current()!
  assert.deepEqual([body.seq, body.metadata.flagSetId, body.flags.ordered !== undefined], [seq + 1, 'imported', true])
  const others = body.count - 30
  const replace = (confirm?: number) =>
    write((tx, verbs) => verbs.importDefinition(tx, by, { definition, mode: 'replace', confirm }))
  await assert.rejects(replace(), (error: { code: string; facts: { count: number } }) => {
    assert.deepEqual([error.code, error.facts.count], ['flags.mass_deletion', others + 1])
    return true
  })
  await replace(others + 1)
  assert.equal(rig.flags.current()!.body.count, 30)
})

test('one flag is put back to an instant, and the others stay; what was is handed back', async () => {
  clock.advance(60_000)
  const then = clock.now()
  clock.advance(60_000)
  await edit('flag-001', flagOf('off'), await versionOf('flag-001'))
  await edit('flag-002', flagOf('off'), await versionOf('flag-002'))
  const epoch = rig.flags.current()!.epoch
  const { before, changed } = await write((tx, verbs) => verbs.restore(tx, by, { at: then, keys: ['flag-001'] }))
  assert.deepEqual([before.definition.flags['flag-001']!.defaultVariant, changed], ['off', 1])
  assert.deepEqual([answer('flag-001'), answer('flag-002')], [true, false])
  assert.equal(rig.flags.current()!.epoch, epoch + 1)
  const diff = await rig.flags.reads.at(then)
  assert.equal(diff.definition.flags['flag-002']!.defaultVariant, 'on')
  const early = write((tx, verbs) => verbs.restore(tx, by, { at: new Date(0) }))
  await assert.rejects(early, { code: 'flags.nothing_at' })
})

test('a signing key is replaced, and a client that slept through it follows', async () => {
  const client = openClient()
  client.offer(rig.flags.current()!.text)
  for (let times = 0; times < 2; times += 1) {
    await write((tx, verbs) => verbs.rotateKey(tx, by, { reason: 'stolen' }))
    await make(`after-key-${times}`)
  }
  assert.equal(client.offer(rig.flags.current()!.text), 'accepted')
  await rig.restart()
  assert.equal(rig.flags.current()?.source, 'disk')
  await rig.flags.follow()
  assert.deepEqual([rig.flags.current()!.source, rig.flags.current()!.ageMs()], ['live', 0])
})

test('in an outage everything is answered, nothing is changed, and nobody is told that flags were wiped', async () => {
  const state = { isAway: false }
  const wrap = (server: DatabaseServer): DatabaseServer => ({ ...server, isAway: () => state.isAway })
  await using other = await openRig({ databaseUrl: database.databaseUrl, clock, wrap })
  await other.flags.follow()
  state.isAway = true
  clock.advance(5000)
  assert.equal(other.flags.standing().state, 'unknown')
  assert.equal(other.flags.current()!.ageMs(), 5000)
  const newer = { epoch: other.flags.current()!.epoch, seq: other.flags.current()!.seq + 1 }
  assert.equal(await other.flags.reach(newer, 500), undefined)
})

test('who has seen a newer number than this process waits until it has it too', async () => {
  await using other = await openRig({ databaseUrl: database.databaseUrl, clock })
  await other.flags.follow()
  const { number } = await make('newest')
  assert.equal((await other.flags.reach(number, 500))?.seq, number.seq)
})

test('a text that no database keeps is refused as a fault of the text, and one that only looks so is kept', async () => {
  for (const text of ['a\0b', 'cut \ud83d', '\\\0']) {
    const said = { code: 'flags.bad_definition' }
    await assert.rejects(make('odd-text', { ...flagOf(), variants: { on: text } }), said)
    await assert.rejects(make('odd-text', flagOf(), { description: text }), said)
    await assert.rejects(make('odd-text', flagOf(), { reason: text }), said)
  }
  await make('odd-text', { ...flagOf(), variants: { on: 'a\\u0000b \\\\ud83d \u{1f600}' } }, { reason: '\\u0000' })
})
