import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { readFileIfThere } from '../replace-file.ts'
import { openFolder } from '../testing/open-folder.ts'
import { judgeSnapshot } from './judge-snapshot.ts'
import { KeptSnapshots } from './keep-snapshot.ts'
import { nodeSeals } from './node-seals.ts'
import { fingerprintOf } from './seals.ts'
import { type Parsed, sayNumber } from './snapshot.ts'
import { ON, TestInstallation } from './testing/make-snapshot.ts'
import { trustFor } from './trust.ts'

const ours = new TestInstallation()
const beginning = {
  environment: 'production',
  installationId: 'ins_test' as string | null,
  pin: undefined as string | undefined,
}

function open(folder: string, changes: Partial<typeof beginning> = {}) {
  const problems: string[] = []
  const onProblem = (sentence: string) => void problems.push(sentence)
  return { kept: new KeptSnapshots({ folder, trust: trustFor({ ...beginning, ...changes }), onProblem }), problems }
}

/** As a client does with what it fetched. */
function offer(kept: KeptSnapshots, offered: Parsed) {
  const judged = judgeSnapshot(kept.held, offered, kept.trust, nodeSeals)
  if (judged.outcome === 'accepted') kept.keep(offered, judged.trust)
  return judged.outcome === 'quarantined' ? judged.fault : judged.outcome
}

/** Number 2 is the newest, number 1 the generation before. */
async function filled(folder: string): Promise<Parsed[]> {
  const { kept, problems } = open(folder)
  const first = ours.snapshot({ flags: { f1: ON } })
  const second = ours.snapshot({
    seq: 2,
    flags: { f1: ON, f2: ON },
    previous_digest: first.header.digest,
    made_at: '2026-11-21T08:00:01.000Z',
  })
  for (const each of [first, second]) {
    assert.equal(offer(kept, each), 'accepted')
    await kept.flush()
  }
  assert.deepEqual(problems, [])
  return [first, second]
}

const path = (folder: string, name: string) => join(folder, `flags.production.ins_test.${name}`)
const heldBy = (kept: KeptSnapshots) => kept.held && sayNumber(kept.held.body)

test('the first of a folder is written at once; after that a burst is written as one, at the latest by a flush', async () => {
  await using folder = await openFolder()
  const options = { folder: folder.path, onProblem: assert.fail, settleMs: 60_000 }
  const kept = new KeptSnapshots({ ...options, trust: trustFor(beginning) })
  const onDisk = () => readFileIfThere(path(folder.path, 'snapshot'))
  const numbered = (seq: number, before: Parsed | null) =>
    ours.snapshot({ seq, flags: { f1: ON }, previous_digest: before?.header.digest ?? null })
  const first = numbered(1, null)
  offer(kept, first)
  while (onDisk() !== first.text) await setImmediate()
  const second = numbered(2, first)
  const third = numbered(3, second)
  for (const each of [second, third]) assert.equal(offer(kept, each), 'accepted')
  assert.equal(kept.held?.text, third.text, 'in memory at once')
  await setImmediate()
  assert.equal(onDisk(), first.text)
  await kept.flush()
  assert.equal(onDisk(), third.text)
  assert.equal(readFileIfThere(path(folder.path, 'before.snapshot')), first.text)
})

test('a start with access dead holds what was held, and trusts what was trusted', async () => {
  await using folder = await openFolder()
  const [, second] = await filled(folder.path)
  for (const installationId of ['ins_test', null]) {
    const { kept, problems } = open(folder.path, { installationId })
    assert.equal(kept.held?.text, second!.text)
    assert.deepEqual(kept.trust.newest, { epoch: 1, seq: 2, digest: second!.header.digest })
    assert.equal(kept.trust.fingerprint, fingerprintOf(ours.root.public, nodeSeals))
    assert.equal(kept.trust.keyListNumber, 1)
    assert.deepEqual(problems, [])
  }
})

test('a first start has nothing, and says nothing', async () => {
  await using folder = await openFolder()
  for (const installationId of ['ins_test', null]) {
    const { kept, problems } = open(join(folder.path, 'new'), { installationId })
    assert.equal(kept.held, undefined)
    assert.deepEqual(problems, [])
  }
})

test('a newest file that is torn, emptied, unsigned or foreign is refused and said, and the one before it answers', async () => {
  await using folder = await openFolder()
  const [, second] = await filled(folder.path)
  const whole = readFileSync(path(folder.path, 'snapshot'), 'utf8')
  const [header = '', body = ''] = whole.split('\n')
  const spoiled: [string, string][] = [
    ['unreadable', ''],
    ['unreadable', whole.slice(0, whole.length / 2)],
    ['unreadable', whole.slice(0, -1)],
    ['unreadable', `${header.replace(/"signature":"[^"]+"/, '"signature":""')}\n${body}\n`],
    ['unreadable', whole.replace('"on":true', '"on":null')],
    ['bad_signature', ours.text(second!.body, 'key_1', 'key_2')],
    ['other_environment', new TestInstallation('demo', 'ins_test').snapshot({ seq: 9 }).text],
    ['other_installation', new TestInstallation('production', 'ins_other').snapshot({ seq: 9 }).text],
    ['untrusted_root', new TestInstallation().snapshot({ seq: 9 }).text],
  ]
  for (const [fault, text] of spoiled) {
    writeFileSync(path(folder.path, 'snapshot'), text)
    const { kept, problems } = open(folder.path)
    assert.equal(heldBy(kept), 'e1.s1', fault)
    assert.equal(problems.length, 2)
    assert.match(problems[0]!, new RegExp(`snapshot is not used \\(${fault}\\)\\. [A-Z]`))
    assert.match(problems[1]!, /The flags of the generation before it answer: e1\.s1\.$/)
    assert.equal(offer(kept, second!), 'accepted')
    await kept.flush()
  }
})

test('a file that somebody put back from a backup is refused, although it is signed', async () => {
  await using folder = await openFolder()
  const [first, second] = await filled(folder.path)
  const { kept } = open(folder.path)
  for (const seq of [3, 4]) {
    const previous = kept.held!
    const flags = { ...previous.body.flags, [`f${seq}`]: ON }
    assert.equal(offer(kept, ours.snapshot({ seq, flags, previous_digest: previous.header.digest })), 'accepted')
    await kept.flush()
  }
  writeFileSync(path(folder.path, 'snapshot'), first!.text)
  writeFileSync(path(folder.path, 'before.snapshot'), second!.text)
  const { kept: again, problems } = open(folder.path)
  assert.equal(again.held, undefined)
  assert.equal(problems.filter((each) => each.includes('(older)')).length, 2)
  assert.equal(offer(again, second!), 'older')
})

test('both files torn: nothing is held, and still nobody walks it back', async () => {
  await using folder = await openFolder()
  const [first, second] = await filled(folder.path)
  for (const name of ['snapshot', 'before.snapshot']) writeFileSync(path(folder.path, name), '{"typ":')
  const { kept, problems } = open(folder.path)
  assert.equal(kept.held, undefined)
  assert.equal(problems.length, 2)
  assert.equal(offer(kept, first!), 'older')
  assert.equal(offer(kept, second!), 'accepted')
  await kept.flush()
})

test('a crash between the files leaves the older snapshot, to which the newer one is still welcome', async () => {
  await using folder = await openFolder()
  const [first, second] = await filled(folder.path)
  writeFileSync(path(folder.path, 'snapshot'), first!.text)
  rmSync(path(folder.path, 'before.snapshot'))
  const { kept, problems } = open(folder.path)
  assert.equal(heldBy(kept), 'e1.s1')
  assert.deepEqual(problems, [])
  assert.equal(offer(kept, second!), 'accepted')
  await kept.flush()
})

test('without the file of trust the snapshots say whom to trust, and nobody else may come first', async () => {
  await using folder = await openFolder()
  await filled(folder.path)
  for (const damage of [
    () => writeFileSync(path(folder.path, 'trust.json'), '{"trust":{}}'),
    () => rmSync(path(folder.path, 'trust.json')),
  ]) {
    damage()
    for (const installationId of ['ins_test', null]) {
      const { kept } = open(folder.path, { installationId })
      assert.equal(heldBy(kept), 'e1.s2')
      assert.equal(offer(kept, new TestInstallation().snapshot({ seq: 3 })), 'untrusted_root')
      assert.equal(kept.trust.newest?.seq, 2)
    }
  }
})

test('a restart forgets no replaced key: its list stays behind', async () => {
  await using folder = await openFolder()
  const [, second] = await filled(folder.path)
  const { kept } = open(folder.path)
  const list = ours.keyList(2, ['key_2'])
  const change = { seq: 3, flags: second!.body.flags, previous_digest: second!.header.digest }
  assert.equal(offer(kept, ours.snapshot({ ...change, key_list: list }, 'key_2')), 'accepted')
  await kept.flush()
  // What is held by then was signed by the old key, and stays held.
  writeFileSync(path(folder.path, 'snapshot'), 'torn')
  const { kept: again } = open(folder.path)
  assert.equal(heldBy(again), 'e1.s2')
  assert.equal(offer(again, ours.snapshot({ ...change, seq: 4 })), 'key_list_went_back')
})

test('another pin is another beginning: what was signed under the old root is not used, and says so', async () => {
  await using folder = await openFolder()
  await filled(folder.path)
  const moved = new TestInstallation()
  const { kept, problems } = open(folder.path, { pin: fingerprintOf(moved.root.public, nodeSeals) })
  assert.equal(kept.held, undefined)
  assert.match(problems[0]!, /They are not used/)
  assert.equal(offer(kept, moved.snapshot({ flags: { f1: ON } })), 'accepted')
  await kept.flush()
  const again = open(folder.path, { pin: fingerprintOf(moved.root.public, nodeSeals) })
  assert.equal(heldBy(again.kept), 'e1.s1')
  assert.ok(again.kept.trust.pinned)
})

test('what demo left in the same folder is never used for production, and is pointed out', async () => {
  await using folder = await openFolder()
  await filled(folder.path)
  const { kept, problems } = open(folder.path, { environment: 'demo', installationId: null })
  assert.equal(kept.held, undefined)
  assert.match(problems.join(), /holds flags of "production" and none of "demo"/)
  writeFileSync(join(folder.path, 'flags.production.ins_second.snapshot'), 'x')
  const two = open(folder.path, { installationId: null })
  assert.equal(two.kept.held, undefined)
  assert.match(two.problems.join(), /2 installations of "production"/)
})

test('a folder that cannot be written is said, memory goes on, and the next one is tried again', async () => {
  await using folder = await openFolder()
  const [first, second] = [ours.snapshot({ flags: { f1: ON } }), ours.snapshot({ seq: 5, flags: { f1: ON } })]
  const { kept, problems } = open(folder.path)
  mkdirSync(path(folder.path, 'snapshot'))
  assert.equal(offer(kept, first), 'accepted')
  await kept.flush()
  assert.equal(problems.length, 1)
  assert.match(problems[0]!, /flags cannot be kept in .*A restart would begin with older ones, or none\.$/)
  assert.equal(heldBy(kept), 'e1.s1')
  rmSync(path(folder.path, 'snapshot'), { recursive: true })
  assert.equal(offer(kept, second), 'accepted')
  await kept.flush()
  assert.equal(problems.length, 1)
  assert.equal(heldBy(open(folder.path).kept), 'e1.s5')
})

test('of many that come at once the last is on disk, and only its owner may read it', async () => {
  await using folder = await openFolder()
  const { kept } = open(folder.path)
  for (const seq of [1, 2, 3, 4, 5]) {
    const previous_digest = kept.held?.header.digest ?? null
    assert.equal(offer(kept, ours.snapshot({ seq, flags: { f1: ON }, previous_digest })), 'accepted')
  }
  await kept.flush()
  assert.equal(heldBy(open(folder.path).kept), 'e1.s5')
  for (const name of readdirSync(folder.path)) assert.equal(statSync(join(folder.path, name)).mode & 0o777, 0o600, name)
})

test('beside an older file of trust, a snapshot itself says which keys may sign no more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-keep-'))
  const trust = trustFor({ environment: 'production' })
  const start = () => new KeptSnapshots({ folder, trust, onProblem: () => {} })
  const installation = new TestInstallation()
  const take = async (kept: KeptSnapshots, seq: number, list: number, kid: string) => {
    const offered = installation.snapshot({ seq, key_list: installation.keyList(list, [kid]) }, kid)
    const judged = judgeSnapshot(kept.held, offered, kept.trust, nodeSeals)
    if (judged.outcome !== 'accepted') return judged
    kept.keep(offered, judged.trust)
    await kept.flush()
    return judged
  }
  const file = join(folder, 'flags.production.ins_test.trust.json')
  await take(start(), 1, 1, 'key_1')
  const older = readFileSync(file)
  await take(start(), 3, 2, 'key_2')
  // The rename of a snapshot may reach the disk before that of the file which was renamed first.
  writeFileSync(file, older)
  const judged = await take(start(), 5, 1, 'key_1')
  assert.deepEqual(judged.outcome === 'quarantined' && judged.fault, 'key_list_went_back')
  rmSync(folder, { recursive: true })
})
