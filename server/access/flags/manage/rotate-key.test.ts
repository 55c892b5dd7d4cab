import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KeyList, SnapshotBody } from '../../../../sdk/flags/snapshot.ts'
import { openKeyRing, signerFor } from '../following/key-ring.ts'
import { signSnapshot } from '../sign/sign-snapshot.ts'
import { asOwner, flagOf, openClient, testSecret, wipe } from '../testing.ts'
import { openManagedFlags, type ManagedFlags, type Told } from './testing.ts'

const ok = ({ status, body }: Told, expected = 200) => {
  assert.equal(status, expected, JSON.stringify(body))
  return body
}
const serving = ({ rig }: ManagedFlags): SnapshotBody => rig.flags.current()!.body
const listOf = ({ key_list }: SnapshotBody) => JSON.parse(key_list.text) as KeyList

/** What a thief has who read the disk of access and its secret: the private half of the key that signs now. */
async function steal(managed: ManagedFlags) {
  const ring = await openKeyRing({ secret: testSecret, file: join(managed.rig.folder, 'flag-keys.sealed') })
  return signerFor(ring.rows(), testSecret, listOf(serving(managed)))!
}

test('a client follows the new key, and what the old one signs is refused, whatever its number', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig, web } = managed
  ok(await ask('POST /v1/flags', { key: 'new-view', definition: flagOf('on') }), 201)
  const before = ok(await ask('GET /v1/flags/trust'))
  const client = openClient()
  client.offer(rig.flags.current()!.text)
  const [stolen, old] = [await steal(managed), serving(managed)]

  const { number } = ok(await ask('POST /v1/flags/rotate-key', { reason: 'Stolen' }))
  const after = ok(await ask('GET /v1/flags/trust'))
  assert.equal(after.fingerprint, before.fingerprint)
  assert.equal(after.key_list.number, before.key_list.number + 1)
  assert.ok(!after.key_list.keys.includes(stolen.public.kid))
  assert.deepEqual([client.offer(rig.flags.current()!.text), client.number()], ['accepted', number])

  const now = serving(managed)
  const forged = { ...now, seq: now.seq + 1000, flags: { ...now.flags, 'new-view': flagOf('off') } }
  const byOldList = signSnapshot(stolen, { ...forged, key_list: old.key_list })
  assert.equal(client.offer(byOldList.text), 'key_list_went_back')
  const [kid] = after.key_list.keys
  const inNewName = signSnapshot({ ...stolen, public: { ...stolen.public, kid } }, forged)
  assert.equal(client.offer(inNewName.text), 'bad_signature')
  assert.equal(client.number(), number, 'nothing of it was taken')
  const made = ok(await ask('POST /v1/flags', { key: 'after-it', definition: flagOf('on') }), 201)
  assert.deepEqual([client.offer(rig.flags.current()!.text), client.number()], ['accepted', made.number])
  assert.deepEqual(web.complaints, [])
})

test('a rotation stands in history and audit with who and why, is done once, and is not undone', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  const headers = { 'idempotency-key': 'stolen-once' }
  const first = ok(await ask('POST /v1/flags/rotate-key', { reason: 'Stolen' }, { headers }))
  assert.deepEqual(ok(await ask('POST /v1/flags/rotate-key', { reason: 'Stolen' }, { headers })), first)
  assert.equal(ok(await ask('GET /v1/flags/trust')).key_list.number, 2)
  const [newest, ...others] = ok(await ask('GET /v1/flags/changes')).data
  assert.deepEqual(others, [])
  assert.deepEqual(
    [newest.change_id, newest.number, newest.deed, newest.reason, newest.by.label, newest.can_undo],
    [first.change_id, first.number, 'rotate-key', 'Stolen', 'Ops', false],
  )
  const undo = await ask(`POST /v1/flags/changes/${first.change_id}/undo`, {})
  assert.deepEqual([undo.status, undo.body.code], [409, 'flags.not_to_be_undone'])
  const rows = await asOwner(
    managed.database.ownerUrl,
    "select actor_id, facts->>'reason' as why from audit.entry where action = 'flags.rotate-key'",
  )
  assert.deepEqual(rows, [{ actor_id: 'tok_1', why: 'Stolen' }])
  const taken = await ask('POST /v1/flags', { key: 'rotate-key', definition: flagOf() })
  assert.equal(taken.body.code, 'flags.reserved_key')
})

test('while access holds, no key is rotated: what the tables lost would be signed away', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig } = managed
  ok(await ask('POST /v1/flags', { key: 'new-view', definition: flagOf('on') }), 201)
  const before = ok(await ask('GET /v1/flags/trust'))
  await wipe(managed.database.ownerUrl)
  await rig.flags.follow()
  const refused = await ask('POST /v1/flags/rotate-key', { reason: 'Stolen' })
  assert.deepEqual([refused.status, refused.body.code], [503, 'flags.held'])
  assert.deepEqual(ok(await ask('GET /v1/flags/trust')), before)
  ok(await ask('POST /v1/flags/restore', {}))
  ok(await ask('POST /v1/flags/rotate-key', {}))
})
