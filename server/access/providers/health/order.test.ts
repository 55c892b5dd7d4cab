import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newestSignals } from '../../../ground/signals/index.ts'
import { openTestServer, type TestServer } from '../../../platform/http/testing.ts'
import { isOpen, openedAt } from '../verdict.ts'
import { type HealthRig, insertProvider, openHealthRig } from './testing/open-rig.ts'

let rig: HealthRig
let server: TestServer
before(async () => {
  rig = await openHealthRig()
  for (const id of ['prv_a', 'prv_b', 'prv_c', 'prv_d']) await insertProvider(rig.database, id)
  server = await openTestServer(rig.health.routes)
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await rig[Symbol.asyncDispose]()
})

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const type = body && { 'content-type': 'application/json' }
  const init = { method, headers: { ...type, ...headers }, ...(body && { body: JSON.stringify(body) }) }
  const { status, text } = await server.ask(`/v1/providers/${path}`, init)
  return { status, body: text ? JSON.parse(text) : undefined }
}
const isOpenNow = async (id: string, unknownOpens = false) =>
  isOpen(await rig.verdict(id), { now: rig.clock.now(), unknownOpens })

test('an administrator sends people another way, with a reason and for a time; then what is seen decides again', async () => {
  const order = { ordered: 'open', reason: 'They told us, ticket 4711', minutes: 60 }
  const { status, body } = await ask('POST', 'prv_a/order', order)
  assert.equal(status, 200)
  assert.deepEqual([body.is_open, body.state, body.open_since], [true, 'healthy', null])
  assert.deepEqual([body.ordered, body.ordered_reason, body.ordered_by], ['open', order.reason, 'usr_admin'])
  assert.equal(await isOpenNow('prv_a'), true)
  assert.equal(rig.health.verdictOf('prv_a')?.ordered, 'open')
  await rig.pass(60 * 60_000)
  assert.equal(await isOpenNow('prv_a'), false)
  // Somebody who listens is told as well: the row itself says so now.
  const heard: (string | null)[] = []
  const stop = rig.health.onVerdict(({ provider_id: id, ordered }) => void (id === 'prv_a' && heard.push(ordered)))
  await rig.health.reload()
  await rig.health.reload()
  stop()
  assert.deepEqual(heard, [null])
  const history = (await ask('GET', 'prv_a/history')).body.data as { by: string; is_open: boolean; epoch: number }[]
  assert.deepEqual(
    history.map(({ by, is_open: open }) => [by, open]),
    [
      ['holdfast', false],
      ['usr_admin', true],
    ],
  )
})

test('what was ordered open is open since the order was first given, and to give it again for longer is no new beginning', async () => {
  await ask('POST', 'prv_d/order', { ordered: 'open', reason: 'They told us', minutes: 60 })
  await rig.pass(30 * 60_000)
  const first = (await rig.verdict('prv_d'))!
  assert.deepEqual(openedAt(first, rig.clock.now()), first.ordered_at)
  await ask('POST', 'prv_d/order', { ordered: 'open', reason: 'Still down', minutes: 60 })
  const again = (await rig.verdict('prv_d'))!
  assert.deepEqual(again.ordered_at, first.ordered_at)
  await ask('POST', 'prv_d/order', { ordered: 'closed', reason: 'A false alarm', minutes: 60 })
  assert.ok((await rig.verdict('prv_d'))!.ordered_at! > first.ordered_at!)
  await ask('DELETE', 'prv_d/order')
  assert.equal((await rig.verdict('prv_d'))!.ordered_at, null)
})

test('the fall-back can be forbidden while a provider is down, and the order taken back', async () => {
  await rig.database.database('background').run({
    text: `insert into providers.verdict (provider_id, epoch, state, since, open_since, decided_at, decided_by, why)
           values ('prv_b', 7, 'down', now(), now(), now(), 'holdfast',
                   '{"sentence": "It failed.", "faults": [], "processes": {"saw": 1, "live": 1}, "is_control_good": true}')`,
    values: [],
  })
  assert.equal(await isOpenNow('prv_b'), true)
  const { body } = await ask('POST', 'prv_b/order', { ordered: 'closed', reason: 'A false alarm', minutes: 1440 })
  assert.deepEqual([body.is_open, body.state, body.epoch], [false, 'down', 8])
  assert.equal(await isOpenNow('prv_b', true), false)
  assert.equal((await ask('DELETE', 'prv_b/order')).status, 204)
  assert.equal((await ask('DELETE', 'prv_b/order')).status, 204)
  assert.equal(await isOpenNow('prv_b'), true)
  const { epoch } = (await rig.verdict('prv_b'))!
  assert.equal(epoch, 9)
})

test('an order without a reason, or for more than a day, is refused, and so is one for a provider that is not there', async () => {
  const good = { ordered: 'open', reason: 'Why not', minutes: 60 }
  for (const bad of [{ reason: '' }, { minutes: 1441 }, { minutes: 0 }, { ordered: 'ajar' }, { reason: 'a\u0000b' }]) {
    assert.equal((await ask('POST', 'prv_a/order', { ...good, ...bad })).status, 400, JSON.stringify(bad))
  }
  for (const [method, path] of [
    ['POST', 'prv_x/order'],
    ['DELETE', 'prv_x/order'],
    ['GET', 'prv_x/history'],
    ['GET', 'prv_x/evidence'],
  ] as const) {
    const { status, body } = await ask(method, path, method === 'POST' ? good : undefined)
    assert.deepEqual([status, body.code], [404, 'providers.no_provider'])
  }
  assert.equal((await ask('GET', 'prv_a/history?cursor=%2B%2B')).body.code, 'providers.bad_cursor')
})

test('an order that is sent twice under one key is one order, told in audit and signals without its reason', async () => {
  const order = { ordered: 'open', reason: 'Bea Acme said so', minutes: 5 }
  const key = { 'idempotency-key': 'k1' }
  const first = await ask('POST', 'prv_c/order', order, key)
  const again = await ask('POST', 'prv_c/order', order, key)
  assert.deepEqual(again.body, first.body)
  const db = rig.database.database('background')
  const said = (await newestSignals(db, ['provider.ordered'], 10)).filter(({ subject }) => subject === 'prv_c')
  assert.deepEqual(
    said.map(({ facts }) => facts),
    [{ name: 'prv_c', ordered: 'open', minutes: 5 }],
  )
})

test('evidence and history are told newest first, page by page', async () => {
  for (let times = 0; times < 3; times++) {
    await ask('POST', 'prv_c/order', { ordered: 'open', reason: 'Again', minutes: times + 1 })
  }
  const seen: number[] = []
  let cursor = ''
  for (let pages = 0; pages < 10; pages++) {
    const { body } = await ask('GET', `prv_c/history?limit=2&cursor=${cursor}`)
    seen.push(...body.data.map(({ epoch }: { epoch: number }) => epoch))
    if (body.next_cursor === null) break
    cursor = body.next_cursor
  }
  assert.deepEqual(seen, [5, 4, 3, 2])
  const row = { provider_id: 'prv_c', round: null, kind: 'exchange', took_ms: 4, is_control_good: null } as const
  rig.health.note({ ...row, outcome: 'fault', fault: 'timeout', detail: 'it did not answer within 2500 ms' })
  rig.health.note({ ...row, outcome: 'limited', fault: 'limited', detail: null })
  await rig.health.settled()
  const first = (await ask('GET', 'prv_c/evidence?limit=1')).body
  assert.deepEqual([first.data.length, first.data[0].outcome, first.data[0].process_id], [1, 'limited', 'process-1'])
  const second = (await ask('GET', `prv_c/evidence?limit=1&cursor=${first.next_cursor}`)).body
  assert.deepEqual([second.data[0].detail, second.next_cursor], ['it did not answer within 2500 ms', null])
})

test('a provider that is not offered any more is not stood in for, whatever was held of it', async () => {
  await ask('POST', 'prv_a/order', { ordered: 'open', reason: 'Why not', minutes: 1440 })
  assert.equal(await isOpenNow('prv_a'), true)
  const db = rig.database.database('background')
  await db.run({ text: `update providers.provider set is_enabled = false where id = 'prv_a'`, values: [] })
  assert.equal(await isOpenNow('prv_a'), false)
  await rig.health.reload()
  assert.equal(rig.health.verdictOf('prv_a'), undefined)
})
