/** Flags of a whole access process, in an app with the SDK: what access signs is what the SDK takes, and what it refuses. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { OpenFeature, ProviderStatus } from '@openfeature/web-sdk'
import { Holdfast } from '../../sdk/index.ts'
import { HoldfastWebProvider } from '../../sdk/openfeature-web.ts'
import { openEventStream } from '../../sdk/testing/ofrep-double.ts'
import { until } from '../../sdk/testing/until.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { wipe } from './flags/testing.ts'
import { enrol, type Jar, openStage, type Stage, type Visitor, visitorOf } from './testing.ts'

const asConsole = { 'holdfast-audience': 'console' }
const ORGANIZATIONS = Array.from({ length: 100 }, (_, index) => `org_${index}`)
const NEW = 'made-in-the-test'

let stage: Stage
let visitor: Visitor
let root: Jar
let app: Holdfast
let dataDir: string
const stack = new AsyncDisposableStack()

before(async () => {
  stage = stack.use(await openStage())
  visitor = visitorOf(stage)
  root = await enrol(stage, visitor, 'root@acme.test')
  dataDir = await openFolder()
  app = stack.use(openApp(dataDir))
})
after(() => stack.disposeAsync())

async function openFolder(): Promise<string> {
  const folder = await makeTestFolder()
  stack.defer(() => removeTestFolder(folder))
  return folder
}

function openApp(folder: string): Holdfast {
  const key = readFileSync(join(stage.folder, 'demo', 'key'), 'utf8').trim()
  return new Holdfast({ url: stage.url, key, dataDir: folder, onProblem: () => {} })
}

async function change(path: string, body: unknown): Promise<Record<string, unknown>> {
  const seen = await visitor.post(path, body, root, { ...asConsole, origin: stage.url })
  assert.ok(seen.status < 300, `${seen.status} ${seen.text}`)
  return seen.body
}

const views = ({ flags }: Holdfast) =>
  ORGANIZATIONS.map((organization) => flags.boolean('new-view', false, { targetingKey: 'usr_1', organization }))
const isLive = ({ flags }: Holdfast) => flags.status().source === 'live' && !flags.status().isStale

test('the flag of the demo is there from the first start, for half of the organisations', async () => {
  await until('it is live', () => isLive(app) && views(app).includes(true))
  const half = views(app).filter(Boolean).length
  assert.ok(half > 30 && half < 70, `${half} of 100`)
  const { source, seq, reason, ageMs } = app.flags.details('new-view', false, { organization: 'org_1' })
  assert.deepEqual([source, reason], ['live', 'TARGETING_MATCH'])
  assert.match(seq!, /^e1\.s\d+$/)
  assert.ok(ageMs !== null && ageMs < 30_000)
  assert.match(app.flags.status().trust.fingerprint!, /^[\w-]{43}$/)
})

test('what staff make and kill is in the app without being asked for', async () => {
  const changes: string[] = []
  using _end = { [Symbol.dispose]: app.flags.on('changed', ({ changed }) => changes.push(...changed)) }
  await change('/v1/flags', {
    key: NEW,
    definition: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
  })
  await until('it is on', () => app.flags.boolean(NEW, false))
  await change(`/v1/flags/${NEW}/kill`, { reason: 'a test' })
  await until('it is off', () => app.flags.details(NEW, false).reason === 'DISABLED')
  assert.deepEqual(changes, [NEW, NEW])
})

test('the fleet shows the app with its number, and the fallbacks that it served', async () => {
  app.flags.boolean('no-such-flag', false)
  const member = await until('it is reported', async () => {
    const { body } = await visitor.ask('/v1/flags/fleet', { headers: asConsole }, root)
    const all = body.data as { application: string; source: string; seq: number; fallbacks: Record<string, number> }[]
    return all.find(({ application, fallbacks }) => application === 'app_demo' && fallbacks['no-such-flag'] === 1)
  })
  assert.equal(member.source, 'live')
})

test('a page has the answers that access evaluates for it, and hears of a change; inner flags are not there for it', async () => {
  const page = `http://127.0.0.1:${stage.appPort}`
  const made = await change('/v1/browser-tokens', { name: 'the page', origins: [page], expires_in_days: 1 })
  const definition = {
    ...{ state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    ...{ targeting: { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on'] }, metadata: { 'holdfast.client': true } },
  }
  await change('/v1/flags', { key: 'for-pages', definition })
  const asPage: typeof fetch = (input, init) => fetch(input, { ...init, headers: { ...init?.headers, origin: page } })
  const provider = new HoldfastWebProvider({
    ...{ url: stage.url, token: made.secret as string, fetch: asPage, storage: null, eventStream: openEventStream },
  })
  stack.defer(() => provider.onClose())
  await OpenFeature.setContext('page', { targetingKey: 'usr_1', plan: 'pro' })
  await OpenFeature.setProviderAndWait('page', provider)
  const client = OpenFeature.getClient('page')
  assert.equal(client.getBooleanDetails('for-pages', false).reason, 'TARGETING_MATCH')
  assert.equal(client.getBooleanDetails(NEW, false).errorCode, 'FLAG_NOT_FOUND')
  await change('/v1/flags/for-pages/kill', { variant: 'off' })
  await until('the page has heard', () => client.getBooleanValue('for-pages', true) === false)
  assert.equal(client.providerStatus, ProviderStatus.READY)
})

test('a wipe behind the back of access changes no answer, of an app on the way, anew, or for the first time', async () => {
  const before = views(app)
  await wipe(stage.database.ownerUrl)
  await using fresh = openApp(await openFolder())
  const seq = await until('a first start has flags', () => fresh.flags.status().seq)
  await until('the other has the same', () => app.flags.status().seq === seq)
  assert.deepEqual([views(fresh), views(app)], [before, before])
  await app.close()
  app = stack.use(openApp(dataDir))
  assert.deepEqual(views(app), before)
  assert.equal(app.flags.status().seq, seq)
})

test('with access dead the app starts from disk, with the answers it had', async () => {
  const before = views(app)
  await stage.stop()
  await app.close()
  app = stack.use(openApp(dataDir))
  assert.deepEqual(views(app), before)
  assert.equal(app.flags.details('new-view', false, { organization: 'org_1' }).source, 'disk')
})
