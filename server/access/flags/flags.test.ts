import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluateAs } from '../../../sdk/evaluate.ts'
import { by, flagOf, flagsDatabase, openRig } from './testing.ts'

async function openOne() {
  const database = await flagsDatabase()
  const rig = await openRig({ databaseUrl: database.databaseUrl })
  await rig.flags.follow()
  return {
    database,
    rig,
    get flags() {
      return rig.flags
    },
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

test('the first start makes a root key and an empty snapshot, honestly signed', async () => {
  await using one = await openOne()
  const current = one.flags.current()
  assert.ok(current)
  assert.deepEqual([current.epoch, current.seq, current.body.count, current.source], [1, 1, 0, 'live'])
  assert.equal(one.flags.standing().state, 'following')
  assert.ok(one.flags.reads.trust()?.fingerprint)
})

test('a flag that was made answers at once, with its hash pinned', async () => {
  await using one = await openOne()
  const changed = await one.flags.write((tx) =>
    one.flags.verbs.make(tx, by, { kind: 'flag', key: 'new-view', definition: flagOf() }),
  )
  assert.deepEqual(changed.number, { epoch: 1, seq: 2 })
  const { set, body } = one.flags.current()!
  assert.equal(evaluateAs(set, { key: 'new-view', type: 'boolean', nowMs: 0 }).value, true)
  assert.equal(body.flags['new-view']!.metadata?.['holdfast.hash'], 'flagd-v2')
})
