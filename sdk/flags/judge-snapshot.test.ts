import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRaised, type Judged, judgeSnapshot, type SnapshotFault } from './judge-snapshot.ts'
import { nodeSeals } from './node-seals.ts'
import { fingerprintOf } from './seals.ts'
import { type Parsed, parseSnapshot, type SnapshotBody, type Tombstone } from './snapshot.ts'
import { makeKey, ON, parsed, signWith, TestInstallation } from './testing/make-snapshot.ts'
import { type Trust, trustAfter, trustFor } from './trust.ts'
import { webSealsFor } from './web-seals.ts'

const ours = new TestInstallation()
const fingerprint = fingerprintOf(ours.root.public, nodeSeals)
const LIST_2 = ours.keyList(2, ['key_2'])
const fresh = trustFor({ environment: 'production' })
const pinned = trustFor({ environment: 'production', installationId: 'ins_test', pin: fingerprint })

/** What a process holds after it accepted these, one after the other. */
function holding(...snapshots: Parsed[]): { held: Parsed; trust: Trust } {
  let trust = pinned
  for (const each of snapshots) trust = trustAfter(trust, each, fingerprint)
  return { held: snapshots.at(-1)!, trust }
}

const faultOf = (judged: Judged) => (judged.outcome === 'quarantined' ? judged.fault : judged.outcome)
const flags = (...keys: string[]) => Object.fromEntries(keys.map((key) => [key, ON]))
const gone = (key: string, seq: number, changes: Partial<Tombstone> = {}): Tombstone => {
  return { kind: 'flag', key, epoch: 1, seq, at: '2026-11-21T08:00:00.000Z', ...changes }
}

test('a snapshot of access is accepted, and what is trusted from then on comes with it', () => {
  const first = ours.snapshot({ flags: flags('a') })
  const judged = judgeSnapshot(undefined, first, pinned, nodeSeals)
  assert.ok(judged.outcome === 'accepted')
  assert.equal(judged.isFirstContact, false)
  assert.deepEqual(judged.trust, {
    ...pinned,
    keyListNumber: 1,
    newest: { epoch: 1, seq: 1, digest: first.header.digest },
  })
  assert.deepEqual(judgeSnapshot(first, parsed(first.text), judged.trust, nodeSeals), { outcome: 'same' })
})

test('without a pin the first contact is trusted and says so, and a second root never is', () => {
  const judged = judgeSnapshot(undefined, ours.snapshot(), fresh, nodeSeals)
  assert.ok(judged.outcome === 'accepted' && judged.isFirstContact)
  assert.equal(judged.trust.fingerprint, fingerprint)
  assert.equal(judged.trust.pinned, false)
  const theirs = new TestInstallation().snapshot({ seq: 2 })
  assert.equal(faultOf(judgeSnapshot(undefined, theirs, judged.trust, nodeSeals)), 'untrusted_root')
})

test('the fingerprint of a root is its thumbprint of RFC 7638, known to other tools', async () => {
  const { calculateJwkThumbprint } = await import('jose')
  assert.equal(fingerprint, await calculateJwkThumbprint(ours.root.public))
})

test('a wipe changes no answer: an empty snapshot with a right signature is refused, and names what is missing', () => {
  const { held, trust } = holding(ours.snapshot({ flags: flags('a', 'b', 'c', 'd', 'e', 'f', 'g') }))
  const next = { seq: 2, previous_digest: held.header.digest }
  const judged = judgeSnapshot(held, ours.snapshot(next), trust, nodeSeals)
  assert.ok(judged.outcome === 'quarantined' && judged.fault === 'missing_without_tombstone')
  assert.match(judged.detail, /flag "a", flag "b", flag "c", flag "d", flag "e" and 2 more/)
  assert.equal(judged.missing.length, 7)
})

test('a real deletion works, of the last flag and the last shared rule too', () => {
  const { held, trust } = holding(ours.snapshot({ flags: flags('a'), evaluators: { rule: { var: 'x' } } }))
  const tombstones = [gone('rule', 2, { kind: 'evaluator' }), gone('a', 2)]
  const next = ours.snapshot({ seq: 2, previous_digest: held.header.digest, tombstones })
  assert.equal(judgeSnapshot(held, next, trust, nodeSeals).outcome, 'accepted')
  const half = ours.snapshot({ seq: 2, previous_digest: held.header.digest, tombstones: tombstones.slice(1) })
  assert.equal(faultOf(judgeSnapshot(held, half, trust, nodeSeals)), 'missing_without_tombstone')
})

test('only a tombstone newer than what is held speaks of it: an old one excuses no later loss', () => {
  const { held, trust } = holding(ours.snapshot({ seq: 5, flags: flags('a') }))
  const lost = (tombstone: Tombstone, number: Partial<SnapshotBody>) =>
    faultOf(judgeSnapshot(held, ours.snapshot({ ...number, tombstones: [tombstone] }), trust, nodeSeals))
  assert.equal(lost(gone('a', 4), { seq: 9 }), 'missing_without_tombstone')
  assert.equal(lost(gone('a', 5), { seq: 9 }), 'missing_without_tombstone')
  assert.equal(lost(gone('a', 6), { seq: 9 }), 'accepted')
  assert.equal(lost(gone('a', 1, { epoch: 2 }), { epoch: 2, seq: 1 }), 'accepted')
  assert.equal(lost(gone('a', 6, { kind: 'evaluator' }), { seq: 9 }), 'missing_without_tombstone')
  assert.equal(lost(gone('a', 10), { seq: 9 }), 'bad_number')
})

test('a key that objects have by birth is a key like any other', () => {
  const named = JSON.parse('{"__proto__":1,"constructor":2}') as SnapshotBody['flags']
  const { held, trust } = holding(ours.snapshot({ flags: named }))
  const judged = judgeSnapshot(held, ours.snapshot({ seq: 3 }), trust, nodeSeals)
  assert.ok(judged.outcome === 'quarantined')
  assert.deepEqual(
    judged.missing.map(({ key }) => key),
    ['__proto__', 'constructor'],
  )
})

test('every rule that is broken has its name, and a sentence that says what to do', () => {
  const { held, trust } = holding(ours.snapshot({ seq: 5 }), ours.snapshot({ seq: 6, key_list: LIST_2 }))
  const demo = new TestInstallation('demo', 'ins_demo')
  const other = new TestInstallation('production', 'ins_other')
  const forged = { ...LIST_2, signature: signWith(makeKey(), `holdfast-keys-1\n${LIST_2.text}`) }
  const after = (changes: Partial<SnapshotBody>, kid = 'key_2', signedBy = kid) =>
    ours.snapshot({ seq: 8, key_list: LIST_2, ...changes }, kid, signedBy)
  const cases: [SnapshotFault, Parsed][] = [
    ['other_environment', demo.snapshot({ seq: 8 })],
    ['other_installation', other.snapshot({ seq: 8 })],
    ['untrusted_root', new TestInstallation().snapshot({ seq: 8 })],
    ['bad_key_list', after({ key_list: forged })],
    ['bad_key_list', after({ key_list: ours.keyList(2, ['key_2'], { environment: 'demo' }) })],
    ['key_list_went_back', after({ key_list: ours.keyList(1, ['key_1']) }, 'key_1')],
    ['unknown_key', after({}, 'key_1')],
    ['bad_signature', after({}, 'key_2', 'key_1')],
    ['older', after({ seq: 5 })],
    ['older', ours.snapshot({ seq: 4 })],
    ['same_number_other_digest', after({ seq: 6, made_at: '2027-01-01T00:00:00.000Z' })],
    ['same_number_other_digest', after({ seq: 7, previous_digest: ours.snapshot({ seq: 6 }).header.digest })],
    ['count_differs', after({ count: 1 })],
    ['bad_number', after({ seq: 8.5 })],
    ['bad_number', after({ epoch: 0 })],
    ['bad_number', after({ epoch: 2_000_001 })],
    ['bad_number', after({ seq: Number.MAX_SAFE_INTEGER + 1 })],
  ]
  for (const [fault, offered] of cases) {
    const judged = judgeSnapshot(held, offered, trust, nodeSeals)
    assert.equal(faultOf(judged), fault)
    assert.ok(judged.outcome === 'quarantined')
    assert.match(judged.detail, /^[A-Z].{40,}\.$/)
    assert.deepEqual(judged.missing, [])
  }
  assert.equal(isRaised('older'), false)
  assert.equal(isRaised('count_differs'), true)
})

test('a client that slept through a rotation follows, and a key that the root replaced signs no more', () => {
  const { held, trust } = holding(ours.snapshot())
  const list = ours.keyList(3, ['key_3'])
  const judged = judgeSnapshot(held, ours.snapshot({ seq: 40, key_list: list }, 'key_3'), trust, nodeSeals)
  assert.ok(judged.outcome === 'accepted')
  const stolen = ours.snapshot({ seq: 41 }, 'key_1')
  assert.equal(faultOf(judgeSnapshot(held, stolen, judged.trust, nodeSeals)), 'key_list_went_back')
  const pretending = ours.snapshot({ seq: 41, key_list: list }, 'key_3', 'key_1')
  assert.equal(faultOf(judgeSnapshot(held, pretending, judged.trust, nodeSeals)), 'bad_signature')
})

test('what was accepted once cannot be walked back to, also when nothing is held any more', () => {
  const [first, second] = [ours.snapshot({ seq: 3 }), ours.snapshot({ seq: 4, flags: flags('a') })]
  const { trust } = holding(first, second)
  assert.equal(faultOf(judgeSnapshot(undefined, first, trust, nodeSeals)), 'older')
  assert.equal(faultOf(judgeSnapshot(first, second, trust, nodeSeals)), 'accepted')
  assert.equal(faultOf(judgeSnapshot(undefined, second, trust, nodeSeals)), 'accepted')
  const twin = ours.snapshot({ seq: 4 })
  assert.equal(faultOf(judgeSnapshot(undefined, twin, trust, nodeSeals)), 'same_number_other_digest')
})

test('who stole a key for an hour cannot use the numbers up', () => {
  const huge = ours.snapshot({ epoch: 1_000_000, seq: Number.MAX_SAFE_INTEGER })
  const { held, trust } = holding(ours.snapshot(), huge)
  const repaired = ours.snapshot({ epoch: 1_000_001, seq: 1, key_list: ours.keyList(2, ['key_2']) }, 'key_2')
  for (const who of [held, undefined])
    assert.equal(judgeSnapshot(who, repaired, who ? trust : pinned, nodeSeals).outcome, 'accepted')
  const beyond = ours.snapshot({ epoch: 1_000_001 })
  assert.equal(faultOf(judgeSnapshot(undefined, beyond, pinned, nodeSeals)), 'bad_number')
})

test('no byte of a snapshot can be changed, cut or added without notice', () => {
  const { text } = ours.snapshot({ flags: flags('a') })
  const [header = '', whole = '', flag = ''] = text.split('\n')
  const body = `${whole}\n${flag}`
  const cases = [
    '',
    header,
    text.slice(0, -1),
    text.slice(0, -2),
    `${text}\n`,
    `${text}{}`,
    `${header}\n\n`,
    `{}\n${body}\n`,
    text.replace('"on":true', '"on":null'),
    text.replace('ES256', 'none'),
    text.replace('holdfast-flags-1', 'holdfast-flags-2'),
    text.replace('"count":1', '"count":1 '),
    text.replace(whole, whole.replace('{', '{"flags":{},')),
    `${text}${flag}\n`,
    `${text}["a",{}]\n`,
    `${header}\n${whole}\n`,
    text.replace('["a",', '["b",'),
  ]
  for (const touched of cases) {
    const read = parseSnapshot(touched)
    const fault = 'fault' in read ? read.fault : faultOf(judgeSnapshot(undefined, read, pinned, nodeSeals))
    assert.equal(fault, 'unreadable', touched.slice(0, 200))
  }
  const resigned = text
    .replace(/"digest":"[^"]+"/, `"digest":"${nodeSeals.sha256(`${body} `)}"`)
    .replace(`${body}\n`, `${body} \n`)
  assert.equal(faultOf(judgeSnapshot(undefined, parsed(resigned), pinned, nodeSeals)), 'bad_signature')
})

test('a body that is none is refused before anything of it is used', () => {
  const { flags: _, ...body } = ours.body()
  const flag = JSON.stringify(['a', ON])
  const wrong: unknown[] = [
    null,
    [],
    { ...body, flags: {} },
    { ...body, evaluators: undefined },
    { ...body, metadata: 'x' },
    { ...body, epoch: '1' },
    { ...body, made_at: 'yesterday' },
    { ...body, environment: '../production' },
    { ...body, installation_id: 'a\nb' },
    { ...body, tombstones: [{ kind: 'flags', key: 'a', epoch: 1, seq: 1 }] },
    { ...body, tombstones: {} },
    { ...body, key_list: null },
    { ...body, key_list: { ...body.key_list, root: { kty: 'RSA' } } },
  ]
  const lines = ['{}', 'null', '["a"]', '[1,{}]', '["a",{},1]', '', `${flag}\n${flag}`, `${flag}\n["a",{}]`]
  const many = Array.from({ length: 20_001 }, (_, index) => JSON.stringify([`f${index}`, ON])).join('\n')
  const texts = [
    ...wrong.map((each) => `${JSON.stringify(each)}\n${flag}`),
    ...[...lines, many].map((each) => `${JSON.stringify(body)}\n${each}`),
  ]
  for (const each of texts) {
    const read = parseSnapshot(ours.signed(each))
    assert.ok('fault' in read && read.fault === 'unreadable', each.slice(0, 100))
  }
  const noList = parseSnapshot(ours.text(ours.body({ key_list: { ...body.key_list, text: '{"number":0}' } })))
  assert.ok('fault' in noList && noList.fault === 'bad_key_list')
})

test('what two snapshots have in common is read once, and what they have not is read anew', () => {
  const first = ours.snapshot({ flags: { a: ON, b: ON, ['__proto__']: ON } })
  const changed = { ...ON, defaultVariant: 'off' } as const
  const text = ours.text(ours.body({ seq: 2, flags: { a: ON, b: changed, c: ON } }))
  const second = parseSnapshot(text, first) as Parsed
  assert.deepEqual(second, parseSnapshot(text), 'it says the same, whatever was read before')
  assert.equal(second.body.flags.a, first.body.flags.a, 'the very same object')
  assert.deepEqual(second.body.flags.b, changed)
  assert.deepEqual(Object.keys(first.body.flags), ['a', 'b', '__proto__'])
})

test('a point that is not on the curve is a signature that does not hold, and no error', () => {
  const strange = { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } as const
  const list = { ...ours.keyList(1, ['key_1']), root: strange }
  assert.equal(faultOf(judgeSnapshot(undefined, ours.snapshot({ key_list: list }), fresh, nodeSeals)), 'bad_key_list')
})

test('a browser judges as a server does', async () => {
  const good = ours.snapshot({ flags: flags('a') })
  const offers = [
    good,
    ours.snapshot({}, 'key_1', 'key_9'),
    ours.snapshot({}, 'key_9'),
    ours.snapshot({
      key_list: { ...ours.keyList(1, ['key_1']), root: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } },
    }),
    new TestInstallation().snapshot(),
  ]
  for (const offered of offers)
    for (const trust of [fresh, pinned])
      assert.deepEqual(
        judgeSnapshot(undefined, offered, trust, await webSealsFor(offered)),
        judgeSnapshot(undefined, offered, trust, nodeSeals),
      )
  assert.equal(judgeSnapshot(undefined, good, pinned, await webSealsFor(good)).outcome, 'accepted')
})
