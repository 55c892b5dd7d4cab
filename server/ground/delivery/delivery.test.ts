import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Mailbox, type MailboxBehaviour, startMailbox } from '../../../doubles/index.ts'
import { type Logger, silentLog } from '../../platform/log.ts'
import { type Delivery, type Message, openDelivery } from './index.ts'
import { NOTICES_MAX, QUEUE_MAX } from './queue.ts'
import { HEDGE_MS } from './send-hedged.ts'
import { type OwnTime, ownTime } from './testing.ts'
import { REST_MS } from './transport-health.ts'

/** For a machine that is busy with other things; nothing here waits for it. */
const DEADLINE_MS = 20_000

interface Bench extends AsyncDisposable {
  a: Mailbox
  b: Mailbox
  delivery: Delivery
  time: OwnTime
  message(more?: Partial<Message>): Message
}

async function openBench(a: MailboxBehaviour, b: MailboxBehaviour = 'ok', log: Logger = silentLog): Promise<Bench> {
  const [first, second] = await Promise.all([startMailbox({ behaviour: a }), startMailbox({ behaviour: b })])
  const time = ownTime()
  const delivery = openDelivery({
    transports: [
      { name: 'A', url: first.url },
      { name: 'B', url: second.url },
    ],
    from: 'Acme Notes <no-reply@acme.test>',
    clock: time.clock,
    timers: time.timers,
    log,
  })
  let count = 0
  return {
    a: first,
    b: second,
    delivery,
    time,
    message: (more) => ({
      id: `msg_${++count}`,
      to: 'ana@acme.test',
      subject: '482 913 is your code for Acme Notes',
      text: 'Type 482 913',
      html: '<p>482913</p>',
      expiresAt: new Date(time.clock.now().getTime() + 300_000),
      lane: 'urgent',
      purpose: 'sign-in',
      ...more,
    }),
    async [Symbol.asyncDispose]() {
      // The mailboxes first: what hangs is then cut off, and the end has nothing to wait for.
      await Promise.all([first.close(), second.close()])
      const ending = delivery[Symbol.asyncDispose]()
      time.advance(60_000)
      await ending
    },
  }
}

test('a mail goes through A while A is well, and B gets none', async () => {
  await using bench = await openBench('ok')
  assert.equal(await bench.delivery.send(bench.message()).settled, 'sent')
  assert.deepEqual([bench.a.mails().length, bench.b.mails().length], [1, 0])
  assert.equal(bench.a.mails()[0]!.from, 'no-reply@acme.test')
})

test('when A says nothing for four seconds, B gets the same mail with the same code and Message-ID', async () => {
  await using bench = await openBench('hang-data')
  const { settled } = bench.delivery.send(bench.message())
  const atA = await bench.a.next('ana@acme.test', DEADLINE_MS)
  assert.equal(bench.b.mails().length, 0)
  bench.time.advance(HEDGE_MS)
  assert.equal(await settled, 'sent')
  const atB = await bench.b.next('ana@acme.test', DEADLINE_MS)
  assert.deepEqual([atB.messageId, atB.code, atB.subject], [atA.messageId, '482913', atA.subject])
  assert.equal(bench.delivery.figures().hedged, 1)
})

test('when A fails for now, B is asked at once', async () => {
  for (const behaviour of ['refuse-4xx', 'refuse-policy', 'drop', 'drop-data'] as const) {
    await using bench = await openBench(behaviour)
    assert.equal(await bench.delivery.send(bench.message()).settled, 'sent', behaviour)
    assert.equal(bench.b.mails().length, 1, behaviour)
    assert.equal(bench.delivery.figures().hedged, 0, behaviour)
  }
})

test('an address that A says does not exist is not tried at B', async () => {
  await using bench = await openBench('refuse-5xx')
  assert.equal(await bench.delivery.send(bench.message()).settled, 'failed')
  assert.equal(bench.b.mails().length, 0)
  assert.equal(bench.delivery.figures().attempts, 1)
  assert.equal(bench.delivery.status()[0]!.state, 'ok')
})

test('a mail is never sent after it has expired, neither from the start nor after a rest', async () => {
  await using bench = await openBench('refuse-4xx', 'refuse-4xx')
  const over = bench.delivery.send(bench.message({ expiresAt: bench.time.clock.now() }))
  assert.equal(await over.settled, 'expired')
  assert.equal(bench.delivery.figures().attempts, 0)

  const expiresAt = new Date(bench.time.clock.now().getTime() + 3000)
  const soon = bench.delivery.send(bench.message({ expiresAt }))
  await bench.time.untilAsked(1000)
  bench.time.advance(1000)
  assert.equal(await soon.settled, 'expired')
  assert.equal(bench.delivery.figures().expired, 2)
  assert.equal(bench.a.mails().length + bench.b.mails().length, 0)
})

test('when no server takes it, a mail is tried again after a rest, and goes out when one is back', async () => {
  await using bench = await openBench('drop', 'drop')
  const { settled } = bench.delivery.send(bench.message())
  await bench.time.untilAsked(1000)
  bench.b.behaviour = 'ok'
  bench.time.advance(1000)
  assert.equal(await settled, 'sent')
  assert.equal(bench.b.mails().length, 1)
})

test('attempts have an end', async () => {
  await using bench = await openBench('refuse-4xx', 'refuse-4xx')
  const expiresAt = new Date(bench.time.clock.now().getTime() + 3_600_000)
  const { settled } = bench.delivery.send(bench.message({ expiresAt }))
  for (const restMs of [1000, 5000, 15_000, 30_000]) {
    await bench.time.untilAsked(restMs)
    bench.time.advance(restMs)
  }
  assert.equal(await settled, 'failed')
  assert.equal(bench.delivery.figures().attempts, 10)
})

test('when every server kept silent after the whole mail, nothing is claimed', async () => {
  await using bench = await openBench('drop-data', 'drop-data')
  const { settled } = bench.delivery.send(bench.message())
  await bench.time.untilAsked(1000)
  bench.time.advance(1000)
  assert.equal(await settled, 'unknown')
  assert.equal(bench.delivery.figures().unknown, 1)
})

test('after three misses A is asked last, and first again after its rest', async () => {
  await using bench = await openBench('refuse-4xx')
  for (const _ of [1, 2, 3]) assert.equal(await bench.delivery.send(bench.message()).settled, 'sent')
  assert.equal(bench.delivery.status()[0]!.state, 'failing')
  const before = bench.delivery.figures().attempts
  assert.equal(await bench.delivery.send(bench.message()).settled, 'sent')
  assert.equal(bench.delivery.figures().attempts, before + 1)

  bench.a.behaviour = 'ok'
  bench.time.advance(REST_MS)
  assert.equal(await bench.delivery.send(bench.message()).settled, 'sent')
  assert.equal(bench.a.mails().length, 1)
  assert.equal(bench.delivery.status()[0]!.state, 'ok')
})

test('the state of each server is told with its age, and a fall-back that works silences nothing', async () => {
  await using bench = await openBench('ok', 'drop')
  assert.deepEqual(
    bench.delivery.status().map(({ name, state, provenAt }) => [name, state, provenAt]),
    [
      ['A', 'unknown', null],
      ['B', 'unknown', null],
    ],
  )
  const since = bench.time.clock.now()
  assert.equal(await bench.delivery.send(bench.message()).settled, 'sent')
  const [a] = bench.delivery.status()
  assert.deepEqual([a!.state, a!.provenAt, a!.since], ['ok', since, since])

  bench.a.behaviour = 'drop'
  const { settled } = bench.delivery.send(bench.message())
  await bench.time.untilAsked(1000)
  const failing = bench.delivery.status()[0]!
  assert.equal(failing.state, 'failing')
  assert.match(
    failing.detail,
    /^127\.0\.0\.1:\d+ does not take mail \(connection_closed\)\. Mail goes through the other server\.$/,
  )
  bench.a.behaviour = 'ok'
  bench.time.advance(1000)
  assert.equal(await settled, 'sent')
})

test('beyond its bound delivery refuses, and notices leave room for those who wait in front of a page', async () => {
  await using bench = await openBench('hang-greeting', 'hang-greeting')
  const fill = (lane: Message['lane']) => {
    for (let taken = 0; ; taken++) {
      try {
        bench.delivery.send(bench.message({ lane }))
      } catch (error) {
        assert.equal((error as { code: string }).code, 'delivery.overloaded')
        return taken
      }
    }
  }
  assert.equal(fill('notice'), NOTICES_MAX + 4, 'those waiting and those under way')
  assert.equal(fill('urgent'), QUEUE_MAX - NOTICES_MAX + 12)
  assert.deepEqual([bench.delivery.figures().waiting, bench.delivery.figures().sending], [QUEUE_MAX, 16])
  assert.equal(bench.delivery.figures().refused, 2)
})

test('at the end what was not sent is counted as lost, and nothing is taken any more', async () => {
  const bench = await openBench('hang-greeting', 'hang-greeting')
  const receipts = Array.from({ length: 20 }, () => bench.delivery.send(bench.message()))
  await bench[Symbol.asyncDispose]()
  assert.deepEqual(new Set(await Promise.all(receipts.map(({ settled }) => settled))), new Set(['lost']))
  assert.equal(bench.delivery.figures().lost, 20)
  assert.throws(() => bench.delivery.send(bench.message()), { code: 'delivery.stopping' })
})

test('no address, no subject and no code is logged', async () => {
  const said: unknown[] = []
  const keep = (...words: unknown[]) => void said.push(words)
  await using bench = await openBench('refuse-4xx', 'drop-data', { debug: keep, info: keep, warn: keep, error: keep })
  const { settled } = bench.delivery.send(bench.message())
  await bench.time.untilAsked(1000)
  bench.b.behaviour = 'ok'
  bench.time.advance(1000)
  assert.equal(await settled, 'sent')
  assert.ok(said.length > 0)
  assert.doesNotMatch(JSON.stringify(said), /ana@|482|your code/)
})

test('a mail server that cannot be is refused at the start, without its password', () => {
  const { clock } = ownTime()
  const open = (url: string) =>
    openDelivery({ transports: [{ name: 'A', url }], from: 'a@acme.test', clock, log: silentLog })
  assert.throws(
    () => open('http://ana:the-password@mail.acme.test'),
    (error: Error) => !error.message.includes('the-password'),
  )
  assert.throws(() => openDelivery({ transports: [], from: 'a@acme.test', clock, log: silentLog }), /at least one/)
})
