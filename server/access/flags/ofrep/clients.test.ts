/** The official OpenFeature clients, as they are installed, in their own flows against the running server. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
import { OpenFeature as ServerSide } from '@openfeature/server-sdk'
import { ClientProviderEvents, OpenFeature as InPages } from '@openfeature/web-sdk'
import type { Definition } from '../../../../sdk/evaluate.ts'
import { until } from '../../../../sdk/testing/until.ts'
import { by, flagOf } from '../testing.ts'
import { APPLICATION, type OfrepRig, openChecker, openOfrepRig, PAGE, PageEventSource } from './testing.ts'

let rig: OfrepRig
const client = { 'holdfast.client': true }
const isPro = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] }
const flags: Definition['flags'] = {
  'new-view': flagOf('off', { targeting: isPro, metadata: { ...client, team: 'shop' } }),
  title: { state: 'ENABLED', variants: { a: 'Hello' }, defaultVariant: 'a', metadata: client },
  limit: { state: 'ENABLED', variants: { a: 2.5 }, defaultVariant: 'a', metadata: client },
  theme: { state: 'ENABLED', variants: { a: { dark: true } }, defaultVariant: 'a', metadata: client },
  off: flagOf('on', { state: 'DISABLED', metadata: client }),
  inner: flagOf('on'),
}

/** What a page has and this process has not. */
const page = globalThis as { EventSource?: unknown; localStorage?: unknown }
const store = new Map<string, string>()
/** Every answer that a client was given: line, status and body. */
const answers: { path: string; status: number; text: string }[] = []

const listening: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init)
  const path = new URL((input as Request).url).pathname.replace('/ofrep/v1/evaluate/flags', '')
  answers.push({ path: path === '' ? '' : '/{key}', status: answer.status, text: await answer.clone().text() })
  return answer
}

before(async () => {
  rig = await openOfrepRig()
  await rig.set({ flags })
  page.EventSource = PageEventSource
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    value: {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
      removeItem: (key: string) => void store.delete(key),
    },
  })
})
after(async () => {
  await Promise.all([ServerSide.close(), InPages.close()])
  for (const each of PageEventSource.open) each.close()
  await rig?.[Symbol.asyncDispose]()
})

const inService = () =>
  new OFREPProvider({ baseUrl: rig.url, headers: [['Authorization', APPLICATION]], fetchImplementation: listening })
const inPage = () =>
  new OFREPWebProvider({
    baseUrl: rig.url,
    headers: [
      ['Authorization', `Bearer ${rig.browserToken.secret}`],
      ['Origin', PAGE],
    ],
    fetchImplementation: listening,
  })

test('a service gets values of every type, its own defaults where there is none, and what went wrong', async () => {
  await ServerSide.setProviderAndWait('service', inService())
  const service = ServerSide.getClient('service')
  const pro = await service.getBooleanDetails('new-view', false, { targetingKey: 'u', plan: 'pro' })
  assert.deepEqual([pro.value, pro.variant, pro.reason], [true, 'on', 'TARGETING_MATCH'])
  assert.equal(pro.flagMetadata.team, 'shop')
  assert.equal(await service.getBooleanValue('new-view', true, { plan: 'free' }), false)
  assert.equal(await service.getStringValue('title', ''), 'Hello')
  assert.equal(await service.getNumberValue('limit', 0), 2.5)
  assert.deepEqual(await service.getObjectValue('theme', {}), { dark: true })
  assert.equal(await service.getBooleanValue('inner', false), true)
  assert.equal(await service.getBooleanValue('off', true), true)
  const missing = await service.getBooleanDetails('not there', true)
  assert.deepEqual([missing.value, missing.errorCode], [true, 'FLAG_NOT_FOUND'])
  const other = await service.getStringDetails('new-view', 'mine', { plan: 'pro' })
  assert.deepEqual([other.value, other.errorCode], ['mine', 'TYPE_MISMATCH'])
})

test('a page sees its flags, and a change of them without asking', async () => {
  await InPages.setContext('page', { targetingKey: 'u', plan: 'pro' })
  await InPages.setProviderAndWait('page', inPage())
  const view = InPages.getClient('page')
  assert.equal(view.getBooleanValue('new-view', false), true)
  assert.equal(view.getStringValue('title', ''), 'Hello')
  assert.equal(view.getNumberValue('limit', 0), 2.5)
  assert.deepEqual(view.getObjectValue('theme', {}), { dark: true })
  assert.equal(view.getBooleanValue('off', true), true, 'switched off: its own default')
  assert.equal(view.getBooleanDetails('inner', false).errorCode, 'FLAG_NOT_FOUND')
  const changed: string[][] = []
  view.addHandler(
    ClientProviderEvents.ConfigurationChanged,
    (details) => void changed.push(details?.flagsChanged ?? []),
  )

  await until('the stream', () => answers.some(({ status }) => status === 304))
  await rig.set({ flags: { title: { ...flags.title!, variants: { a: 'Good day' } } } })
  await until('the change', () => view.getStringValue('title', '') === 'Good day' && changed.length > 0)
  assert.deepEqual(changed, [['title']])

  await InPages.setContext('page', { targetingKey: 'v', plan: 'free' })
  assert.equal(view.getBooleanValue('new-view', true), false)
})

test('a page keeps its answers while access is away, and hears of what changed when it is back', async () => {
  const view = InPages.getClient('page')
  await rig.stop()
  const cold = InPages.getClient('cold')
  await InPages.setContext('cold', { targetingKey: 'w' })
  await InPages.setProviderAndWait('cold', inPage()).catch(() => {})
  assert.equal(cold.getBooleanValue('new-view', true), true, 'a page that never had an answer has its own defaults')
  assert.equal(view.getStringValue('title', ''), 'Good day')
  await assert.rejects(rig.ask('', {}))
  await rig.flags.flags.write((tx) =>
    rig.flags.flags.verbs.importDefinition(tx, by, {
      definition: { flags: { title: { ...flags.title!, variants: { a: 'Back again' } } } },
      mode: 'merge',
    }),
  )
  await rig.start()
  await until('what changed meanwhile', () => view.getStringValue('title', '') === 'Back again')
})

test('a page that is opened again while access is away answers from its store, and says so', async () => {
  await InPages.setContext('first', { targetingKey: 'x', plan: 'pro' })
  await InPages.setProviderAndWait('first', inPage())
  await rig.stop()
  try {
    const again = inPage()
    await again.initialize({ targetingKey: 'x', plan: 'pro' }, 'first')
    const said = again.resolveBooleanEvaluation('new-view', false, {})
    assert.deepEqual([said.value, said.reason], [true, 'CACHED'])
    await again.onClose?.()
  } finally {
    await rig.start()
  }
})

test('while nobody can look a token up, a service is told that this is not known, and never that it may not', async () => {
  const unseen = new OFREPProvider({
    baseUrl: rig.url,
    headers: [['Authorization', 'Bearer hf_test_app_other']],
    fetchImplementation: listening,
  })
  await ServerSide.setProviderAndWait('unseen', unseen)
  rig.setAway(true)
  try {
    const said = await ServerSide.getClient('unseen').getBooleanDetails('new-view', true)
    assert.deepEqual([said.value, said.errorCode], [true, 'GENERAL'])
    assert.equal(answers.at(-1)!.status, 503)
  } finally {
    rig.setAway(false)
  }
})

test('every answer that these clients were given is one of the protocol', async () => {
  const check = await openChecker()
  const statuses = new Set(answers.map(({ status }) => status))
  for (const status of [200, 304, 404, 503]) assert.ok(statuses.has(status), `no answer was ${status}`)
  const wrong = answers.flatMap(({ path, status, text }) => check(path, status, text ? JSON.parse(text) : undefined))
  assert.deepEqual(wrong, [])
})
