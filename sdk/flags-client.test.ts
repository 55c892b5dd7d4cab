/** `holdfast.flags` against a double of access that signs, over real HTTP: how flags come, and what is not taken. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Holdfast } from './holdfast.ts'
import { type MadeSnapshot, many, off, on, Signer } from './testing/flags-double.ts'
import { openApp, type TestApp } from './testing/open-app.ts'
import { until } from './testing/until.ts'

const KEYS = Object.keys(many(50))
const answersOf = (holdfast: Holdfast) => KEYS.filter((key) => holdfast.flags.boolean(key, false)).length
const isFresh = (app: TestApp, seq: string) =>
  until(`${seq} is confirmed`, () => {
    const { seq: held, isStale } = app.holdfast.status().flags
    return held === seq && !isStale
  })
const folderOf = (app: TestApp) => join(app.dataDir, 'flags')
const filesOf = async (app: TestApp, end: string) =>
  (await readdir(folderOf(app))).filter((name) => name.endsWith(end)).map((name) => join(folderOf(app), name))

/** Fifty flags, all on, delivered and confirmed. */
async function openFifty(): Promise<TestApp> {
  const app = await openApp()
  app.access.flags.publish(many(50))
  await isFresh(app, 'e1.s1')
  assert.equal(answersOf(app.holdfast), 50)
  return app
}

test('before there is anything, every answer is the fallback and says so', async () => {
  await using app = await openApp()
  const { flags } = app.holdfast
  assert.equal(flags.boolean('new-view', true), true)
  assert.equal(flags.string('colour', 'blue'), 'blue')
  assert.equal(flags.number('size', 20), 20)
  assert.deepEqual(flags.object('limits', { most: 3 }), { most: 3 })
  const { source, seq, ageMs, reason, errorCode } = flags.details('new-view', true)
  assert.deepEqual([source, seq, ageMs, reason, errorCode], ['fallback', null, null, 'ERROR', 'PROVIDER_NOT_READY'])
  assert.equal(flags.status().isStale, true)
  assert.equal(await flags.ready(1), false)
})

test('an answer has its value, variant, reason, source, number and age', async () => {
  await using app = await openApp({ flagContext: { plan: 'pro', region: 'eu' } })
  const targeting = { if: [{ and: [{ '==': [{ var: 'plan' }, 'pro'] }, { '==': [{ var: 'region' }, 'us'] }] }, 'on'] }
  app.access.flags.publish({ 'new-view': { ...off(), targeting } })
  assert.equal(await app.holdfast.flags.ready(20_000), true)
  await isFresh(app, 'e1.s1')
  const answer = app.holdfast.flags.details('new-view', false, { region: 'us' })
  assert.deepEqual(
    [answer.value, answer.variant, answer.reason, answer.source, answer.seq, answer.errorCode],
    [true, 'on', 'TARGETING_MATCH', 'live', 'e1.s1', undefined],
  )
  assert.ok(answer.ageMs !== null && answer.ageMs >= 0)
  assert.equal(JSON.parse(JSON.stringify(answer)).source, 'live')
  assert.equal(app.holdfast.flags.boolean('new-view', true), false)
  const wrong = app.holdfast.flags.details('new-view', 'text')
  assert.deepEqual([wrong.value, wrong.errorCode, wrong.source], ['text', 'TYPE_MISMATCH', 'fallback'])
  assert.equal(app.holdfast.flags.details('typo', 1).errorCode, 'FLAG_NOT_FOUND')
})

test('a change comes by the feed, is told with its keys, and unchanged flags are the same closures', async () => {
  await using app = await openFifty()
  const told: unknown[] = []
  app.holdfast.flags.on('changed', (news) => told.push(news))
  const before = app.holdfast.flags.details('flag-1', false).flagMetadata
  const { 'flag-0': _, ...rest } = many(50)
  app.access.flags.publish({ ...rest, 'flag-7': off(), 'flag-50': on() })
  await isFresh(app, 'e1.s2')
  assert.deepEqual(told, [{ seq: 'e1.s2', changed: ['flag-7', 'flag-50'], removed: ['flag-0'] }])
  assert.equal(app.holdfast.flags.boolean('flag-7', true), false)
  assert.equal(app.holdfast.flags.details('flag-0', false).errorCode, 'FLAG_NOT_FOUND')
  assert.equal(app.holdfast.flags.details('flag-1', false).flagMetadata, before)
})

test('deleting every flag on purpose reaches nothing, because each has its tombstone', async () => {
  await using app = await openFifty()
  app.access.flags.publish({})
  await isFresh(app, 'e1.s2')
  assert.equal(answersOf(app.holdfast), 0)
  assert.equal(app.holdfast.flags.status().count, 0)
})

type Flags = TestApp['access']['flags']

/** Signs with a key that the root's list does not have. */
function forger({ signer }: Flags): Signer {
  const other = new Signer()
  return Object.assign(new Signer(), {
    root: signer.root,
    key: { public: signer.key.public, privateKey: other.key.privateKey },
  })
}

const wipes: Record<string, { make: (flags: Flags) => MadeSnapshot; code: string }> = {
  'an empty snapshot, signed and numbered on': {
    make: (flags) => flags.next({}),
    code: 'missing_without_tombstone',
  },
  'an empty snapshot without a good signature': {
    make: (flags) => flags.next({}, {}, forger(flags)),
    code: 'bad_signature',
  },
  'one of demo': {
    make: (flags) => flags.next({}, {}, new Signer({ environment: 'demo' })),
    code: 'other_environment',
  },
  'one of another installation': {
    make: (flags) => flags.next({}, {}, new Signer({ installationId: 'ins_other' })),
    code: 'other_installation',
  },
  'one under another root': { make: (flags) => flags.next({}, {}, new Signer()), code: 'untrusted_root' },
  'half of one': {
    make(flags) {
      const whole = flags.next(many(50, off()))
      return { ...whole, text: whole.text.slice(0, -100) }
    },
    code: 'unreadable',
  },
}

for (const [what, { make, code }] of Object.entries(wipes)) {
  test(`${what} changes no answer, is raised as stale, and reported with its reason`, async () => {
    await using app = await openFifty()
    const stale: string[] = []
    app.holdfast.flags.on('stale', ({ because }) => stale.push(because))
    const bad = make(app.access.flags)
    app.access.flags.serve(bad)
    await until('it is raised', () => app.holdfast.status().flags.fault?.code === code)
    assert.equal(answersOf(app.holdfast), 50)
    const { isStale, because, seq } = app.holdfast.flags.status()
    assert.deepEqual([isStale, seq, stale.length], [true, 'e1.s1', 1])
    assert.equal(because, stale[0])
    assert.ok(app.problems.some((sentence) => sentence.includes(code)))
    const report = await until('it is reported', () =>
      app.access.flags.reports.find(({ faults }) => faults.some((fault) => fault.code === code)),
    )
    assert.deepEqual([report.epoch, report.seq, report.source], [1, 1, 'live'])
    if (code === 'missing_without_tombstone') assert.equal(report.faults[0]!.missing?.length, 50)
    // Over a restart with access dead as well.
    await app.access.stop()
    const again = await app.restart()
    assert.equal(answersOf(again), 50)
    assert.equal(again.flags.details('flag-0', false).source, 'disk')
    // And what is good again is taken, and no longer stale.
    await app.access.start()
    app.access.flags.served = undefined
    app.access.flags.serve(app.access.flags.signer.make(many(50, off()), { seq: 3 }))
    await isFresh(app, 'e1.s3')
    assert.equal(answersOf(app.holdfast), 0)
  })
}

test('what a lagging process of access offers is not taken, and not raised', async () => {
  await using app = await openFifty()
  const older = app.access.flags.served!
  app.access.flags.publish(many(50, off()))
  await isFresh(app, 'e1.s2')
  const fetches = app.access.flags.fetches.length
  app.access.flags.served = older
  // A feed that begins anew asks at once, whatever was announced.
  app.holdfast.status()
  await app.access.stop()
  await app.access.start()
  await until('it was offered', () => app.access.flags.fetches.slice(fetches).some(({ status }) => status === 200))
  assert.equal(answersOf(app.holdfast), 0)
  assert.equal(app.holdfast.flags.status().fault, null)
})

test('with access dead a start answers from disk, at once and from the constructor on', async () => {
  await using app = await openFifty()
  await app.access.stop()
  const holdfast = await app.restart()
  const { value, source, seq, ageMs } = holdfast.flags.details('flag-3', false)
  assert.deepEqual([value, source, seq], [true, 'disk', 'e1.s1'])
  assert.ok(ageMs !== null && ageMs >= 0, 'the age is kept over a restart')
  const { isStale, because } = holdfast.flags.status()
  assert.equal(isStale, true)
  assert.match(because!, /since this process started/)
})

test('flags do not expire, and a clock that went backwards makes their age unknown', async () => {
  await using app = await openFifty()
  await app.access.stop()
  app.clock.nowMs += 400 * 24 * 60 * 60_000
  const later = await app.restart()
  assert.equal(answersOf(later), 50)
  assert.ok(later.flags.details('flag-3', false).ageMs! >= 400 * 24 * 60 * 60_000)
  app.clock.nowMs -= 500 * 24 * 60 * 60_000
  const earlier = await app.restart()
  assert.equal(answersOf(earlier), 50)
  assert.equal(earlier.flags.details('flag-3', false).ageMs, null)
})

test('a torn file is refused and said so, and the generation before it answers', async () => {
  await using app = await openFifty()
  app.access.flags.publish({ ...many(50), extra: on() })
  await isFresh(app, 'e1.s2')
  await app.access.stop()
  await app.holdfast.close()
  const [file] = (await filesOf(app, '.snapshot')).filter((name) => !name.includes('before'))
  const text = await readFile(file!, 'utf8')
  await writeFile(file!, text.slice(0, text.length / 2))
  const holdfast = await app.restart()
  assert.equal(answersOf(holdfast), 50)
  assert.equal(holdfast.flags.status().seq, 'e1.s1')
  assert.ok(app.problems.some((sentence) => sentence.includes(file!)))
  await app.access.start()
  await isFresh(app, 'e1.s2')
})

test('a file that is unsigned, of demo, or put back from a backup is refused and said so', async () => {
  await using app = await openFifty()
  const old = app.access.flags.served!
  app.access.flags.publish(many(50))
  await isFresh(app, 'e1.s2')
  // Written one after the other: two generations are kept, and the first of these three is none of them.
  await app.restart()
  app.access.flags.publish(many(50))
  await isFresh(app, 'e1.s3')
  await app.access.stop()
  await app.holdfast.close()
  const files = await filesOf(app, 'snapshot')
  const forged = { ...old, text: old.text.replaceAll('"defaultVariant":"on"', '"defaultVariant":"off"') }
  for (const bad of [old, forged, new Signer({ environment: 'demo' }).make(many(50, off()), { seq: 9 })]) {
    for (const file of files) await writeFile(file, bad.text)
    const told = app.problems.length
    const holdfast = await app.restart()
    assert.equal(holdfast.flags.status().seq, null)
    assert.equal(answersOf(holdfast), 0)
    assert.ok(app.problems.length > told)
    await holdfast.close()
  }
})

test('a signed snapshot shipped with the app answers a first start with access dead, and never goes before the disk', async () => {
  await using app = await openApp()
  const shipped = app.access.flags.signer.make(many(50))
  await app.access.stop()
  const first = await app.restart({ bootstrap: shipped.text })
  assert.equal(answersOf(first), 50)
  const { source, seq, ageMs } = first.flags.details('flag-0', false)
  assert.deepEqual([source, seq, ageMs], ['bootstrap', 'e1.s1', null])
  app.access.flags.served = shipped
  app.access.flags.publish(many(50, off()))
  await app.access.start()
  await isFresh(app, 'e1.s2')
  await app.access.stop()
  const second = await app.restart({ bootstrap: shipped.text })
  assert.deepEqual([answersOf(second), second.flags.status().source], [0, 'disk'])
  assert.equal(second.flags.status().fault, null)
})

test('a bootstrap that was tampered with is not used, and that is told', async () => {
  await using app = await openApp()
  const { text } = app.access.flags.signer.make(many(50, off()))
  const holdfast = await app.restart({ bootstrap: text.replaceAll('"off"}', '"on"}') })
  assert.equal(holdfast.flags.status().seq, null)
  assert.ok(app.problems.some((sentence) => sentence.includes('bootstrap')))
})

test('with a pin only that root is trusted; without one the first contact is, and status says so', async () => {
  await using app = await openApp()
  const { fingerprint } = app.access.flags.signer
  app.access.flags.publish(many(1))
  await isFresh(app, 'e1.s1')
  assert.deepEqual(app.holdfast.flags.status().trust, { fingerprint, pinned: false })

  await using pinned = await openApp({ trust: new Signer().fingerprint })
  pinned.access.flags.publish(many(1))
  await until('it is refused', () => pinned.holdfast.flags.status().fault?.code === 'untrusted_root')
  assert.equal(pinned.holdfast.flags.boolean('flag-0', false), false)
  await assert.rejects(pinned.restart({ trust: 'root' }), /holdfast flags trust/)
})

test('a flag that stops compiling answers as before, and access is told', async () => {
  await using app = await openApp()
  const targeting = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] }
  app.access.flags.publish({ a: { ...off(), targeting }, b: on() })
  await isFresh(app, 'e1.s1')
  app.access.flags.publish({ a: { ...off(), targeting: { nonsense: [1] } }, b: off() })
  await isFresh(app, 'e1.s2')
  assert.equal(app.holdfast.flags.boolean('a', false, { plan: 'pro' }), true)
  assert.equal(app.holdfast.flags.boolean('b', true), false)
  assert.deepEqual(
    app.holdfast.flags.status().flagFaults.map(({ key, isHeldOver }) => ({ key, isHeldOver })),
    [{ key: 'a', isHeldOver: true }],
  )
  await until('it is reported', () =>
    app.access.flags.reports.some(({ faults }) => faults.some(({ detail }) => detail.startsWith('flag a: '))),
  )
})

test('an ETag is sent only of what was applied, and a 304 confirms it', async () => {
  await using app = await openFifty()
  const applied = app.access.flags.served!.digest
  app.access.flags.serve(app.access.flags.next({}))
  await until('the wipe is raised', () => app.holdfast.flags.status().fault !== null)
  const from = app.access.flags.fetches.length
  await app.access.stop()
  await app.access.start()
  const asked = await until('it asks again', () => app.access.flags.fetches[from])
  assert.deepEqual(asked, { etag: `"${applied}"`, status: 200 })
})

test('many announcements in a row are fetched as few', async () => {
  await using app = await openFifty()
  const from = app.access.flags.fetches.length
  for (let index = 0; index < 200; index++) app.access.flags.publish(many(50, index % 2 ? on() : off()))
  await isFresh(app, 'e1.s201')
  assert.ok(app.access.flags.fetches.length - from <= 25, `${app.access.flags.fetches.length - from} fetches`)
})

test('a report stays below what access takes, however much is missing and however long its keys are', async () => {
  await using app = await openApp()
  const long = Object.fromEntries(Object.entries(many(1500)).map(([key, flag]) => [key.padEnd(150, '-'), flag]))
  app.access.flags.publish(long)
  await isFresh(app, 'e1.s1')
  app.access.flags.serve(app.access.flags.next({}))
  const report = await until('it is reported', () =>
    app.access.flags.reports.find(({ faults }) => faults[0]?.code === 'missing_without_tombstone'),
  )
  assert.ok(report.faults[0]!.missing!.length > 100)
  assert.ok(JSON.stringify(report).length < 30 * 1024)
  assert.match(report.faults[0]!.detail, /and \d+ more/)
})

test('fallbacks are counted by key and told, and counts of an outage are told afterwards', async () => {
  await using app = await openFifty()
  await app.access.stop()
  for (let index = 0; index < 3; index++) app.holdfast.flags.boolean('typo', false)
  await app.access.start()
  const told = () => app.access.flags.reports.reduce((sum, { fallbacks }) => sum + (fallbacks.typo ?? 0), 0)
  app.holdfast.flags.boolean('typo', false)
  await until('all four are told', () => told() === 4)
})

test('an age that access does not know itself confirms nothing', async () => {
  await using app = await openApp()
  app.access.flags.ageMs = null
  app.access.flags.publish(many(1))
  await until('it is answered from', () => app.holdfast.flags.boolean('flag-0', false))
  assert.equal(app.holdfast.flags.details('flag-0', false).ageMs, null)
})
