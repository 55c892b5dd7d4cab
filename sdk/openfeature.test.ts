/** The official server SDK over our provider: answers, and events that say what is so. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EventDetails, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk'
import { HoldfastProvider } from './openfeature.ts'
import { off, on } from './testing/flags-double.ts'
import { openApp, type TestApp } from './testing/open-app.ts'
import { until } from './testing/until.ts'

const targeting = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] }
const TYPED = {
  view: { ...off(), targeting },
  colour: { ...on(), variants: { red: 'red', blue: 'blue' }, defaultVariant: 'red' },
  size: { ...on(), variants: { small: 10, large: 50 }, defaultVariant: 'large' },
  limits: { ...on(), variants: { most: { notes: 3 } }, defaultVariant: 'most' },
  tax: on({ 'holdfast.on_unknown': 'refuse' }),
}
const isFresh = (app: TestApp) => until('flags are confirmed', () => !app.holdfast.flags.status().isStale)

/** A client of its own domain, and everything that it was told. */
function clientOf(domain: string) {
  const client = OpenFeature.getClient(domain)
  const told: { event: string; details: EventDetails | undefined }[] = []
  for (const event of Object.values(ProviderEvents))
    client.addHandler(event, (details) => told.push({ event, details }) && undefined)
  return { client, told, events: () => told.map(({ event }) => event) }
}

test('the official client has the answers of the native one, with where they come from', async () => {
  await using app = await openApp()
  app.access.flags.publish(TYPED)
  await isFresh(app)
  await OpenFeature.setProviderAndWait('typed', new HoldfastProvider(app.holdfast.flags))
  const { client } = clientOf('typed')
  const answer = await client.getBooleanDetails('view', false, { plan: 'pro' })
  assert.deepEqual([answer.value, answer.variant, answer.reason], [true, 'on', 'TARGETING_MATCH'])
  assert.deepEqual([answer.flagMetadata['holdfast.source'], answer.flagMetadata['holdfast.seq']], ['live', 'e1.s1'])
  assert.equal(await client.getStringValue('colour', ''), 'red')
  assert.equal(await client.getNumberValue('size', 0), 50)
  assert.deepEqual(await client.getObjectValue('limits', {}), { notes: 3 })
  assert.equal((await client.getBooleanDetails('typo', true)).errorCode, 'FLAG_NOT_FOUND')
  assert.deepEqual(
    [(await client.getStringDetails('size', 'text')).errorCode, await client.getStringValue('size', 'text')],
    ['TYPE_MISMATCH', 'text'],
  )
  assert.equal(client.providerStatus, ProviderStatus.READY)
})

test('a change is told with its keys, a wipe as stale, and what is good again as ready', async () => {
  await using app = await openApp()
  app.access.flags.publish(TYPED)
  await isFresh(app)
  await OpenFeature.setProviderAndWait('events', new HoldfastProvider(app.holdfast.flags))
  const { client, told, events } = clientOf('events')
  app.access.flags.publish({ ...TYPED, view: on() })
  const change = await until('the change is told', () =>
    told.find(({ event }) => event === ProviderEvents.ConfigurationChanged),
  )
  assert.deepEqual((change.details as { flagsChanged?: string[] }).flagsChanged, ['view'])
  const good = app.access.flags.next(TYPED, { seq: 9 })
  app.access.flags.serve(app.access.flags.next({}))
  await until('it is told as stale', () => events().includes(ProviderEvents.Stale))
  assert.equal(client.providerStatus, ProviderStatus.STALE)
  assert.equal(await client.getBooleanValue('view', false), true)
  app.access.flags.serve(good)
  await until('it is ready again', () => client.providerStatus === ProviderStatus.READY)
})

test('a start with access dead is ready from disk, and says that it is stale', async () => {
  await using app = await openApp()
  app.access.flags.publish(TYPED)
  await isFresh(app)
  await app.access.stop()
  const { flags } = await app.restart()
  await OpenFeature.setProviderAndWait('disk', new HoldfastProvider(flags))
  const { client } = clientOf('disk')
  await until('it is told as stale', () => client.providerStatus === ProviderStatus.STALE)
  const answer = await client.getNumberDetails('size', 0)
  assert.deepEqual([answer.value, answer.flagMetadata['holdfast.source']], [50, 'disk'])
  const refused = await client.getBooleanDetails('tax', false)
  assert.deepEqual([refused.value, refused.reason, refused.errorCode], [false, 'ERROR', 'GENERAL'])
  assert.match(refused.errorMessage!, /refuses to answer/)
})

test('with nothing to answer from it is an error, and ready as soon as there is something', async () => {
  await using app = await openApp()
  const provider = new HoldfastProvider(app.holdfast.flags, { readyMs: 50 })
  await assert.rejects(OpenFeature.setProviderAndWait('nothing', provider))
  const { client } = clientOf('nothing')
  assert.equal(client.providerStatus, ProviderStatus.ERROR)
  assert.equal(await client.getBooleanValue('view', true), true)
  app.access.flags.publish(TYPED)
  await until('it is ready', () => client.providerStatus === ProviderStatus.READY)
  assert.equal(await client.getBooleanValue('view', false, { plan: 'pro' }), true)
  await OpenFeature.close()
})
