import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlagDefinition } from '../../../../sdk/evaluate.ts'
import { judgeSnapshot } from '../../../../sdk/flags/judge-snapshot.ts'
import { nodeSeals } from '../../../../sdk/flags/node-seals.ts'
import { epochMax } from '../../../../sdk/flags/number-fault.ts'
import { FLAGS_MAX, type Parsed, type SnapshotBody } from '../../../../sdk/flags/snapshot.ts'
import { trustFor } from '../../../../sdk/flags/trust.ts'
import { changesTo } from './changes-to.ts'
import { exportPrivate, makeRoot, makeSigningKey, openRoot, openSigningKey } from './make-keys.ts'
import { type KnownNumber, type LogRow, mayFollow } from './may-follow.ts'
import { type Change, epochAfter, firstSnapshotBody, nextSnapshotBody } from './next-snapshot-body.ts'
import { nextKeyListNumber, signKeyList } from './sign-key-list.ts'
import { signSnapshot } from './sign-snapshot.ts'

const stamp = { environment: 'production', installation_id: 'ins_1' }
const madeAt = new Date('2026-11-21T08:00:00Z')
const root = makeRoot()
const signer = makeSigningKey('key_1')
const listOf = (number: number, ...pairs: (typeof signer)[]) =>
  signKeyList(root, { ...stamp, number, keys: pairs.map((pair) => pair.public) })
const keyList = listOf(1, signer)
const first = signSnapshot(signer, firstSnapshotBody({ stamp, madeAt, keyList }))

const flag = (value: unknown = true) =>
  ({ state: 'ENABLED', variants: { on: value }, defaultVariant: 'on' }) as unknown as FlagDefinition
const put = (key: string, value?: unknown): Change => ({ kind: 'flag', key, after: flag(value) })
const end = (key: string): Change => ({ kind: 'flag', key, after: null })

const next = (previous: Parsed, ...changes: Change[]) => nextSnapshotBody({ previous, changes, madeAt })
const after = (previous: Parsed, ...changes: Change[]) => signSnapshot(signer, next(previous, ...changes))
const rowsFor = ({ epoch, seq }: SnapshotBody, changes: Change[], deed = 'change'): LogRow[] =>
  changes.map((change) => ({ ...change, epoch, seq, deed }))

test('keys outlive a restart, and the fingerprint is still the same', () => {
  const again = openRoot(exportPrivate(root.privateKey))
  assert.equal(again.fingerprint, root.fingerprint)
  assert.deepEqual(again.root, root.root)
  const key = openSigningKey('key_1', exportPrivate(signer.privateKey))
  assert.deepEqual(key.public, signer.public)
  const signed = signSnapshot(key, next(first, put('a')))
  const trust = trustFor({ environment: 'production', installationId: 'ins_1', pin: root.fingerprint })
  assert.equal(judgeSnapshot(first, signed, trust, nodeSeals).outcome, 'accepted')
})

test('the next snapshot is the one before it and its changes: numbered, chained, counted', () => {
  const body = next(first, put('b'), put('a'), { kind: 'evaluator', key: 'rule', after: { var: 'x' } })
  assert.deepEqual([body.epoch, body.seq, body.count], [1, 2, 2])
  assert.equal(body.previous_digest, first.header.digest)
  assert.deepEqual(body.evaluators, { rule: { var: 'x' } })
  assert.deepEqual(body.tombstones, [])
  assert.deepEqual(body.key_list, keyList)
})

test('tombstones are cumulative, in one order, and a key made again drops its own', () => {
  const one = after(first, put('b'), put('a'), put('c'))
  const two = after(one, end('b'), end('a'))
  const three = after(two, end('c'), put('a'))
  assert.deepEqual(
    three.body.tombstones.map(({ kind, key, epoch, seq }) => [kind, key, epoch, seq]),
    [
      ['flag', 'b', 1, 3],
      ['flag', 'c', 1, 4],
    ],
  )
  const born = after(three, { kind: 'flag', key: '__proto__', after: flag() })
  assert.ok(Object.hasOwn(born.body.flags, '__proto__'))
  assert.equal(born.body.count, 2)
})

test('what follows by rows of the log may be signed, also where the log has its own order of keys', () => {
  const changes = [put('a'), end('nobody-had-it')]
  const body = next(first, ...changes)
  const rows = JSON.parse(JSON.stringify(rowsFor(body, changes))) as LogRow[]
  assert.deepEqual(mayFollow({ lastSigned: first, next: body, rows, known: [first.body] }), { may: true })
  const negative = [put('a', -0)]
  const zero = next(first, ...negative)
  const read = JSON.parse(JSON.stringify(zero)) as SnapshotBody
  assert.ok(mayFollow({ lastSigned: first, next: read, rows: rowsFor(zero, negative), known: [] }).may)
})

test('nothing else may be signed, and the sentence says why', () => {
  const held = after(first, put('a'), put('b'), { kind: 'evaluator', key: 'rule', after: true })
  const changes = [put('c')]
  const body = next(held, ...changes)
  const rows = rowsFor(body, changes)
  const list2 = after(held, put('x'))
  const renewed = signSnapshot(signer, { ...list2.body, key_list: listOf(2, signer) })
  const cases: [string, Partial<{ next: Partial<SnapshotBody>; rows: LogRow[]; known: KnownNumber[] }>, RegExp?][] = [
    ['not_in_log', { next: { flags: {}, count: 0 } }, /flag "a", flag "b", flag "c"/],
    ['not_in_log', { next: { flags: { a: flag(), c: flag() }, count: 2 } }, /flag "b"\. Somebody changed the tables/],
    ['not_in_log', { next: { flags: { ...body.flags, b: flag(false) } } }],
    ['not_in_log', { next: { flags: { ...body.flags, d: flag() }, count: 4 } }],
    ['not_in_log', { next: { evaluators: {} } }, /evaluator "rule"/],
    ['not_in_log', { next: { metadata: { owner: 'x' } } }],
    ['not_in_log', { next: { count: 2 } }],
    ['not_in_log', { rows: [] }, /The log has no row for e1\.s3/],
    ['not_in_log', { rows: rowsFor(held.body, changes) }],
    [
      'no_tombstone',
      { rows: [...rows, ...rowsFor(body, [end('a')])], next: { flags: { b: flag(), c: flag() }, count: 2 } },
    ],
    ['no_tombstone', { next: { tombstones: [{ kind: 'flag', key: 'z', epoch: 1, seq: 3, at: '' }] } }],
    ['bad_number', { next: { seq: 4 } }],
    ['bad_number', { next: { seq: 2 } }],
    ['bad_number', { next: { epoch: 2, seq: 4 } }],
    ['bad_number', { next: { epoch: 2, seq: 1 }, rows: rowsFor({ ...body, epoch: 2, seq: 1 }, changes) }, /no restore/],
    ['behind', { known: [{ epoch: 1, seq: 3 }] }, /e1\.s3 is known, and the database is at e1\.s2/],
    ['behind', { known: [{ epoch: 2, seq: 1 }] }],
    ['two_lines', { known: [{ epoch: 1, seq: 2, digest: 'other' }] }],
    ['wrong_chain', { next: { previous_digest: first.header.digest } }],
    ['wrong_stamp', { next: { environment: 'demo' } }],
    ['wrong_stamp', { next: { installation_id: 'ins_2' } }],
  ]
  assert.ok(mayFollow({ lastSigned: held, next: body, rows, known: [] }).may)
  for (const [why, changed, sentence] of cases) {
    const given = { lastSigned: held, rows, known: [], ...changed, next: { ...body, ...changed.next } }
    const answer = mayFollow(given)
    assert.ok(!answer.may, why)
    assert.equal(answer.why, why, JSON.stringify(changed))
    assert.match(answer.sentence, sentence ?? /^\w.*\.$/)
  }
  const back = nextSnapshotBody({ previous: renewed, changes, madeAt, keyList })
  const answer = mayFollow({ lastSigned: renewed, next: back, rows: rowsFor(back, changes), known: [] })
  assert.ok(!answer.may && answer.why === 'key_list_went_back')
})

test('a restore begins an epoch above all that is known, and ends whatever anybody may hold', () => {
  const backedUp = after(first, put('a', 1))
  const lost = after(backedUp, put('a', 2), put('b'), put('gone'))
  const newest = after(lost, end('gone'), put('late'))
  const known = [backedUp, lost, newest]
  const reported = [{ kind: 'evaluator' as const, key: 'unheard-of' }]
  const changes = changesTo(backedUp.body, { previous: newest, known, reported })
  const names = changes.map(({ kind, key, after: what }) => `${kind} ${key} ${what === null ? 'ends' : 'is put'}`)
  assert.deepEqual(names.toSorted(), [
    'evaluator unheard-of ends',
    'flag a is put',
    'flag b ends',
    'flag gone ends',
    'flag late ends',
  ])
  const epoch = epochAfter({ known: known.map(({ body }) => body), claimed: [{ epoch: 4, seq: 9 }], keyListNumber: 1 })
  assert.equal(epoch, 5)
  const body = nextSnapshotBody({ previous: newest, changes, madeAt, epoch })
  assert.deepEqual([body.epoch, body.seq, body.flags], [5, 1, backedUp.body.flags])
  const rows = rowsFor(body, changes, 'restore')
  assert.deepEqual(mayFollow({ lastSigned: newest, next: body, rows, known: known.map((each) => each.body) }), {
    may: true,
  })
  const again = mayFollow({ lastSigned: newest, next: body, rows, known: [{ epoch: 5, seq: 1 }] })
  assert.ok(!again.may && again.why === 'behind')
  const trust = trustFor({ environment: 'production', installationId: 'ins_1', pin: root.fingerprint })
  for (const held of known)
    assert.equal(judgeSnapshot(held, signSnapshot(signer, body), trust, nodeSeals).outcome, 'accepted')
})

test('a claim that nobody could have made moves neither epochs nor lists of keys', () => {
  const known = [{ epoch: 2, seq: 5 }]
  assert.equal(epochAfter({ known, claimed: [{ epoch: epochMax(1) + 1, seq: 1 }], keyListNumber: 1 }), 3)
  assert.equal(epochAfter({ known, claimed: [{ epoch: epochMax(1), seq: 1 }], keyListNumber: 1 }), epochMax(1) + 1)
  assert.equal(nextKeyListNumber([listOf(4, signer), keyList]), 5)
  assert.equal(nextKeyListNumber([listOf(4, signer)], [7]), 8)
  assert.equal(nextKeyListNumber([listOf(4, signer)], [Number.MAX_SAFE_INTEGER]), 5)
  const body = nextSnapshotBody({ previous: first, changes: [], madeAt, epoch: epochMax(1) + 1 })
  const rows = rowsFor(body, [{ kind: 'set', key: '', after: {} }], 'adopt')
  const answer = mayFollow({ lastSigned: first, next: body, rows, known: [] })
  assert.ok(!answer.may && answer.why === 'bad_number')
  assert.ok(mayFollow({ lastSigned: first, next: { ...body, key_list: listOf(2, signer) }, rows, known: [] }).may)
})

test('what no client could accept is not signed', () => {
  const stranger = makeSigningKey('key_2')
  assert.throws(() => signSnapshot(stranger, next(first)), /not on the list of signing keys/)
  const many = Object.fromEntries(Array.from({ length: FLAGS_MAX + 1 }, (_, index) => [`f${index}`, flag()]))
  assert.throws(() => signSnapshot(signer, { ...next(first), flags: many }), /cannot be read/)
  assert.throws(() => signSnapshot(signer, next(first, put('a', 'x'.repeat(33 * 1024 * 1024)))), /33554432 bytes/)
  assert.throws(() => listOf(2), /between 1 and 20/)
})
