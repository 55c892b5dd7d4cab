import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CLAIMS_MAX } from './fleet/claims.ts'
import { newestSignals } from '../../ground/signals/index.ts'
import { openTestServer, type TestServer } from '../../platform/http/testing.ts'
import type { TestDatabase } from '../../platform/testing/index.ts'
import { asOwner, by, fakeClock, flagsDatabase, type FlagsRig, manyFlags, openClient, openRig } from './testing.ts'

const clock = fakeClock()
let database: TestDatabase
let rig: FlagsRig
let server: TestServer
before(async () => {
  database = await flagsDatabase()
  rig = await openRig({ databaseUrl: database.databaseUrl, clock })
  server = await openTestServer(rig.flags.routes)
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await rig[Symbol.asyncDispose]()
  await database.drop()
})

const key = { authorization: 'Bearer hf_test_app_notes' }
const fetchIt = (headers: Record<string, string> = {}) =>
  server.ask('/v1/flags/snapshot', { headers: { ...key, ...headers } })
const report = (body: object, headers = key) =>
  server.ask('/v1/flags/reports', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ instance: 'web:1', epoch: 1, seq: 2, source: 'live', age_ms: 5, ...body }),
  })
const fleet = async () =>
  JSON.parse((await server.ask('/v1/flags/fleet', { headers: { authorization: 'Bearer staff' } })).text)

test('as long as there is nothing to deliver the answer is 503, and never an empty set', async () => {
  const { status, headers, problem } = await fetchIt()
  assert.deepEqual([status, problem.code, headers.get('retry-after')], [503, 'flags.none_yet', '2'])
})

test('a snapshot is fetched with its digest for a tag, and not sent again to who has it', async () => {
  await rig.flags.follow()
  await rig.flags.write((tx) => rig.flags.verbs.importDefinition(tx, by, { definition: manyFlags(500), mode: 'merge' }))
  const { digest, text } = rig.flags.current()!
  const plain = await fetchIt({ 'accept-encoding': 'identity' })
  assert.deepEqual([plain.status, plain.headers.get('etag'), plain.text], [200, `"${digest}"`, text])
  assert.equal(plain.headers.get('content-type'), 'application/vnd.holdfast.flags+json-lines')
  const packed = await fetchIt({ 'accept-encoding': 'gzip, br' })
  assert.deepEqual([packed.headers.get('content-encoding'), packed.text], ['gzip', text])
  assert.ok(Number(packed.headers.get('content-length')) < text.length / 5)
  for (const tag of [`"${digest}"`, packed.headers.get('etag')!, `W/"${digest}"`, `"other", "${digest}"`]) {
    const again = await fetchIt({ 'if-none-match': tag })
    assert.deepEqual([again.status, again.text, again.headers.get('vary')], [304, '', 'accept-encoding'], tag)
  }
  assert.equal((await fetchIt({ 'if-none-match': '"other"' })).status, 200)
  assert.equal(openClient().offer(plain.text), 'accepted')
})

test('a snapshot is for applications and for staff who may see flags', async () => {
  assert.equal((await fetchIt({ authorization: 'Bearer staff' })).status, 200)
  for (const authorization of ['Bearer nobody', 'Bearer hf_test_app_', '']) {
    assert.equal((await fetchIt({ authorization })).status, 401, authorization)
  }
})

test('what processes tell of themselves is the fleet, the furthest behind first, and who is silent is gone from it', async () => {
  assert.equal((await report({ seq: 1, faults: [{ code: 'missing_without_tombstone', detail: 'Gone.' }] })).status, 204)
  assert.equal((await report({ instance: 'web:2' })).status, 204)
  const seen = await fleet()
  assert.deepEqual([seen.epoch, seen.seq], [1, 2])
  const others = seen.data.filter((each: { application: string }) => each.application !== 'access')
  assert.deepEqual(
    others.map((each: { instance: string; seq: number }) => [each.instance, each.seq]),
    [
      ['web:1', 1],
      ['web:2', 2],
    ],
  )
  assert.ok(seen.data.some((each: { application: string }) => each.application === 'access'))
  const write = rig.flags.jobs.find(({ name }) => name === 'write reports of flags')!
  await write.run()
  assert.equal((await fleet()).data.length, 3)
  clock.advance(6 * 60_000)
  assert.equal((await fleet()).data.length, 0)
})

test('a default that was served instead of an answer is a signal, at most one a minute an application', async () => {
  const told = async () => (await newestSignals(rig.server().database('request'), ['flags.fallback-served'], 10)).length
  for (let times = 0; times < 3; times += 1) await report({ fallbacks: { 'new-view': 12 } })
  assert.equal(await told(), 1)
  await report({ fallbacks: { 'new-view': 1 } }, { authorization: 'Bearer hf_test_app_other' })
  assert.equal(await told(), 2)
  clock.advance(61_000)
  await report({ fallbacks: { 'new-view': 1 } })
  assert.equal(await told(), 3)
})

test('a greater number that a client tells of holds changes until somebody has said what is true, and one that cannot be is refused', async () => {
  assert.equal((await report({ epoch: 5000 })).problem.code, 'flags.bad_report')
  const stranger = { instance: 'demo:1', faults: [{ code: 'other_installation', detail: 'It is of another.' }] }
  assert.equal((await report({ ...stranger, epoch: 900 })).status, 204)
  await rig.flags.follow()
  assert.equal(rig.flags.standing().state, 'following', 'a number of another installation says nothing of ours')

  assert.equal((await report({ epoch: 7, seq: 3 })).status, 204)
  await rig.flags.follow()
  assert.deepEqual([rig.flags.standing().fault, rig.flags.current()!.body.count], ['behind', 500])
  assert.match(rig.flags.standing().sentence, /app_notes, web:1 tells of e7\.s3/)
  const { number } = await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
  assert.deepEqual(number, { epoch: 8, seq: 1 }, 'so that the client follows')
  assert.equal(rig.flags.standing().state, 'following')
})

test('what clients hold and nobody here knows is kept by snapshot, in bounds, and buried by a restore', async () => {
  const held = (index: number, more: object = {}) => ({
    instance: `web:${index}`,
    holds: { digest: `held-${index}`, keys: [{ kind: 'flag', key: `lost-${index}` }] },
    ...more,
  })
  const faults = [{ code: 'other_installation', detail: 'It is of another.' }]
  assert.equal((await report(held(-2, { faults }))).status, 204)
  for (let index = -1; index < CLAIMS_MAX; index += 1) assert.equal((await report(held(index))).status, 204)
  const again = { instance: 'web:again', holds: { digest: 'held-7', keys: [{ kind: 'evaluator', key: 'lost-7' }] } }
  assert.equal((await report(again)).status, 204)
  const tooMany = Array.from({ length: 1001 }, (_, index) => ({ kind: 'flag', key: `k-${index}` }))
  assert.equal((await report({ holds: { digest: 'held-x', keys: tooMany } })).status, 400)
  assert.equal(
    (await fleet()).data.some((member: object) => 'holds' in member),
    false,
  )

  await rig.flags.jobs.find(({ name }) => name === 'write reports of flags')!.run()
  const { removed } = await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
  assert.equal(removed, 0, 'nothing that anybody here knew')
  const { tombstones } = rig.flags.current()!.body
  const buried = tombstones.filter(({ key }) => key.startsWith('lost-')).map(({ kind, key }) => `${kind} ${key}`)
  assert.equal(buried.length, CLAIMS_MAX, 'the oldest was driven out, and the stranger never counted')
  assert.ok(buried.includes('evaluator lost-7') && buried.includes('flag lost-0'))
  assert.ok(!buried.includes('flag lost--1') && !buried.includes('flag lost--2'))
  assert.deepEqual(await asOwner(database.ownerUrl, 'select digest from flags.claim'), [], 'said once')
})

test('a text that PostgreSQL cannot store keeps no report from being written', async () => {
  const write = rig.flags.jobs.find(({ name }) => name === 'write reports of flags')!
  for (const [index, text] of ['a\0b', 'cut \ud83d'].entries()) {
    const names = [{ kind: 'flag', key: text }]
    const fault = { code: text, detail: text, missing: names }
    const said = { fallbacks: { [text]: 1 }, faults: [fault], holds: { digest: `odd-${index}`, keys: names } }
    assert.equal((await report({ instance: `odd:${index}`, ...said })).status, 204)
  }
  await write.run()
  const rows = await asOwner(
    database.ownerUrl,
    `select faults from flags.report where instance like 'odd:%' order by instance`,
  )
  assert.deepEqual(
    rows.map(({ faults }) => (faults as { detail: string }[])[0]!.detail),
    ['a\ufffdb', 'cut \ufffd'],
  )
})

test('a name that nothing can be called, told by a client, keeps nobody from restoring', async () => {
  const keys = ['\u{1f600}'.repeat(150), 'two\nlines', '', 'lost-for-good'].map((key) => ({ kind: 'flag', key }))
  assert.equal((await report({ holds: { digest: 'held-odd', keys } })).status, 204)
  await rig.flags.jobs.find(({ name }) => name === 'write reports of flags')!.run()
  await rig.flags.write((tx) => rig.flags.verbs.restore(tx, by, {}))
  const { tombstones } = rig.flags.current()!.body
  assert.ok(tombstones.some(({ key }) => key === 'lost-for-good'))
  assert.ok(!tombstones.some(({ key }) => key === 'two\nlines' || key === ''))
})
