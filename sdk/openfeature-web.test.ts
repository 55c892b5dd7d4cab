/** The official web SDK over our provider, in answers that access evaluated. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client, OpenFeature, ProviderStatus } from '@openfeature/web-sdk'
import type { EventStream } from './flags/web/change-stream.ts'
import { BROWSER_TOKEN, OfrepDouble } from './testing/ofrep-double.ts'
import { openPage, PageStorage, TestPage } from './testing/open-page.ts'
import { until } from './testing/until.ts'

const on = (key: string, value: unknown = true) => ({ key, value, variant: 'on', reason: 'TARGETING_MATCH' })
const ofPlan = (context: Record<string, unknown>) => [
  on('view', context.plan === 'pro'),
  on('size', 50),
  { key: 'plain', reason: 'DISABLED' },
  { key: 'broken', errorCode: 'PARSE_ERROR', errorDetails: 'nonsense' },
]

const viewOf = (client: Client) => {
  const { value, reason, errorCode } = client.getBooleanDetails('view', false)
  return [value, reason, errorCode]
}

test('the official client has the answers of access, for its context', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  await using page = await openPage(access)
  assert.deepEqual(viewOf(page.client), [true, 'TARGETING_MATCH', undefined])
  assert.equal(page.client.getNumberValue('size', 0), 50)
  assert.equal(page.client.getStringDetails('size', 'text').errorCode, 'TYPE_MISMATCH')
  assert.equal(page.client.getBooleanDetails('broken', true).errorCode, 'PARSE_ERROR')
  assert.deepEqual(page.client.getBooleanDetails('typo', true).errorCode, 'FLAG_NOT_FOUND')
  const plain = page.client.getBooleanDetails('plain', true)
  assert.deepEqual([plain.value, plain.reason, plain.errorCode], [true, 'DISABLED', undefined])
  await OpenFeature.setContext(page.domain, { targetingKey: 'usr_2', plan: 'free' })
  assert.deepEqual(viewOf(page.client), [false, 'TARGETING_MATCH', undefined])
})

test('a change is announced, asked for with its number, and told with its keys', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  await using page = await openPage(access)
  await until('it listens', () => access.listeners === 1)
  access.answer = () => [on('view', false), on('size', 50)]
  access.tell('e1.s2')
  await until('it is there', () => page.client.getBooleanValue('view', true) === false)
  const { query, etag } = access.seen.at(-1)!
  assert.equal(query, '?flagConfigEtag=e1.s2&flagConfigLastModified=1771622898')
  assert.ok(etag)
  await until('it is told', () =>
    page.told.some(({ flagsChanged }) => flagsChanged?.toSorted().join() === 'broken,plain,view'),
  )
})

test('with access away a page begins with the last known answers of that person, and says that they are', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  const storage = new PageStorage()
  {
    await using page = await openPage(access, { storage })
    await until('they are kept', () => page.storage.items.size === 1)
  }
  assert.ok(!JSON.stringify([...storage.items]).includes('usr_1'), 'nobody is named in the storage')
  await access.stop()
  await using page = await openPage(access, { storage })
  assert.equal(page.begun, 'ready')
  assert.deepEqual(viewOf(page.client), [true, 'CACHED', undefined])
  await until('it is told as stale', () => page.client.providerStatus === ProviderStatus.STALE)
  await access.start()
  access.answer = () => [on('view', false)]
  await until('it is ready again', () => page.client.providerStatus === ProviderStatus.READY)
  assert.deepEqual(viewOf(page.client), [false, 'TARGETING_MATCH', undefined])
})

test('with access away, another person, another environment and a torn storage have no answers, and it is an error', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  const storage = new PageStorage()
  {
    await using page = await openPage(access, { storage })
    await until('they are kept', () => page.storage.items.size === 1)
    access.status = 503
    await OpenFeature.setContext(page.domain, { targetingKey: 'usr_2', plan: 'pro' })
    assert.deepEqual(viewOf(page.client).slice(0, 2), [false, 'ERROR'])
  }
  {
    await using page = await openPage(access, { storage, token: BROWSER_TOKEN.replace('_test_', '_demo_') })
    assert.deepEqual([page.begun, ...viewOf(page.client)], ['error', false, 'ERROR', 'PROVIDER_NOT_READY'])
  }
  for (const [name, text] of storage.items) storage.items.set(name, text.slice(0, -9))
  await using page = await openPage(access, { storage })
  assert.deepEqual([page.begun, ...viewOf(page.client)], ['error', false, 'ERROR', 'PROVIDER_NOT_READY'])
})

test('an outage while the page is open changes no answer, and ends by itself', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  await using page = await openPage(access)
  await until('it listens', () => access.listeners === 1)
  await access.stop()
  await until('it is told as stale', () => page.client.providerStatus === ProviderStatus.STALE)
  assert.deepEqual(viewOf(page.client), [true, 'CACHED', undefined])
  await access.start()
  await until('it is ready again', () => page.client.providerStatus === ProviderStatus.READY)
  assert.deepEqual(viewOf(page.client), [true, 'TARGETING_MATCH', undefined])
  await until('it listens again', () => access.listeners === 1)
})

test('a browser that tries for ever to open the stream again does not hide that access is away', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  // As an EventSource is: after a cut it is connecting, and says nothing but that it was cut again.
  const streams: EventStream[] = []
  const eventStream = (): EventStream => {
    streams.push({ readyState: 0, onmessage: null, onopen: null, onerror: null, close: () => {} })
    return streams.at(-1)!
  }
  const state = (readyState: number) => Object.assign(streams[0]!, { readyState })
  await using page = await openPage(access, { eventStream })
  await until('it is asked for', () => streams.length === 1)
  state(1).onopen?.()
  await access.stop()
  for (let n = 0; n < 3; n++) state(0).onerror?.()
  await until('it is told as stale', () => page.client.providerStatus === ProviderStatus.STALE)
  assert.deepEqual(viewOf(page.client), [true, 'CACHED', undefined])
  await access.start()
  await until('it is ready again', () => page.client.providerStatus === ProviderStatus.READY)
  const asked = access.seen.length
  state(1).onopen?.()
  await until('what was missed is asked for', () => access.seen.length > asked)
  assert.equal(streams.length, 1)
})

test('a stream that is refused is asked for again with growing patience, and never as fast as it is refused', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  const from = performance.now()
  const eventStream = (): EventStream => {
    const stream: EventStream = { readyState: 0, onmessage: null, onopen: null, onerror: null, close: () => {} }
    queueMicrotask(() => Object.assign(stream, { readyState: 2 }).onerror?.())
    return stream
  }
  await using page = await openPage(access, { eventStream })
  await until('it asks again', () => access.seen.length === 3)
  assert.ok(performance.now() - from >= 1500, 'half a second at least, then a whole one')
  assert.equal(page.client.providerStatus, ProviderStatus.READY)
  assert.ok(
    access.seen.every(({ etag }) => etag === undefined),
    'only a whole answer has a new address',
  )
})

test('a page that nobody looks at listens no more, and asks for everything when it is looked at again', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  const shown = new TestPage()
  await using page = await openPage(access, { page: shown })
  await until('it listens', () => access.listeners === 1)
  shown.show(false)
  await until('it listens no more', () => access.listeners === 0)
  const asked = access.seen.length
  access.answer = () => [on('view', false)]
  shown.show(true)
  await until('it knows', () => page.client.getBooleanValue('view', true) === false)
  assert.deepEqual([access.seen.length - asked, access.seen.at(-1)!.etag], [1, undefined])
  await until('it listens again', () => access.listeners === 1)
})

test('a token that is not taken is an error, and never an empty set of flags', async () => {
  await using access = await OfrepDouble.open()
  access.answer = ofPlan
  await using page = await openPage(access, { token: 'hf_test_browser_wrong' })
  assert.equal(page.begun, 'error')
  assert.deepEqual(viewOf(page.client), [false, 'ERROR', 'PROVIDER_NOT_READY'])
})
