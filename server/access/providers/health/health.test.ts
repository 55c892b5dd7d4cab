import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startToxicProxy, type Toxic, type ToxicProxy } from '../../../../doubles/index.ts'
import { type Behaviour, keysEmpty, startOidcProvider, tooManyRequests } from '../../../../doubles/oidc/index.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { eventually } from '../../../platform/database/testing.ts'
import { openProviderRig, somebody } from '../testing.ts'
import { type HealthRig, insertProvider, openHealthRig, startNames, targetAt } from './testing/open-rig.ts'

const DAY_MS = 86_400_000
const HTML = '<!doctype html><title>Sorry</title>'
const client = {
  client_id: 'holdfast',
  client_secret: 'a-secret-of-a-test',
  redirect_uris: ['https://id.test/callback'],
}

let stack: AsyncDisposableStack
before(() => {
  stack = new AsyncDisposableStack()
})
after(() => stack.disposeAsync())

/** A real provider over TLS, and a proxy before it that can be told to hurt whoever comes through. */
async function addProvider(rig: HealthRig, id: string, behaviour: Partial<Behaviour> = {}): Promise<ToxicProxy> {
  const certificate = rig.authority.issue({ hosts: ['127.0.0.1'] })
  const oidc = stack.use(await startOidcProvider({ people: [], clients: [client], certificate }))
  await oidc.order({ do: 'behave', behaviour })
  const proxy = stack.use(await startToxicProxy({ upstreamPort: oidc.port }))
  await insertProvider(rig.database, id)
  rig.targets.push(targetAt(id, `https://127.0.0.1:${proxy.port}`))
  return proxy
}

async function openRig(options: Parameters<typeof openHealthRig>[0] = {}): Promise<HealthRig> {
  return stack.use(await openHealthRig(options))
}

const states = async (rig: HealthRig) => {
  const all = await Promise.all(rig.targets.map(async ({ id }) => [id, (await rig.verdict(id))?.state] as const))
  return Object.fromEntries(all)
}
const signalsOf = async (rig: HealthRig, kinds: string[]) =>
  (await newestSignals(rig.database.database('background'), kinds, 100)).map(({ subject }) => subject).sort()

test('every kind of fault is down after two looks, what a provider survives is not, and all are sent back a minute after it ends', async () => {
  const names = stack.use(await startNames(new Set(['control.test'])))
  const rig = await openRig({ nameServer: names.address, controlHost: 'control.test' })
  const good = rig.authority.issue({ hosts: ['127.0.0.1'] })
  const expired = rig.authority.issue({ hosts: ['127.0.0.1'], until: new Date(Date.now() - DAY_MS / 2) })
  const otherHost = rig.authority.issue({ hosts: ['other.test'] })
  const answer = (status: number, certificate = good): Toxic => ({ kind: 'answer', certificate, status, body: HTML })
  const falls: Record<string, [Toxic, fault: string]> = {
    refused: [{ kind: 'refuse' }, 'refused'],
    hangs: [{ kind: 'hang' }, 'timeout'],
    drips: [{ kind: 'drip', everyMs: 500 }, 'timeout'],
    reset: [{ kind: 'reset' }, 'reset'],
    unavailable: [answer(503), 'status-5xx'],
    pages: [answer(200), 'html'],
    expired: [answer(200, expired), 'tls-expired'],
    'other-host': [answer(200, otherHost), 'tls-host'],
  }
  const survives: Record<string, Partial<Behaviour>> = {
    well: {},
    'keys-503': { answers: { keys: { status: 503, body: '' } } },
    'keys-empty': { answers: { keys: keysEmpty } },
    'discovery-page': { answers: { discovery: { status: 200, body: HTML } } },
    'token-429': { answers: { token: tooManyRequests(30) } },
    'client-unknown': { answers: { token: { status: 401, body: '{}' }, authorization: { status: 400, body: HTML } } },
  }
  const proxies = new Map<string, ToxicProxy>()
  for (const [id, [toxic]] of Object.entries(falls)) {
    const proxy = await addProvider(rig, id)
    await proxy.set(toxic)
    proxies.set(id, proxy)
  }
  for (const [id, behaviour] of Object.entries(survives)) await addProvider(rig, id, behaviour)
  await addProvider(rig, 'future', { clockAheadSeconds: 600 })
  await insertProvider(rig.database, 'no-name')
  rig.targets.push(targetAt('no-name', 'https://idp.acme.test'))
  const down = [...proxies.keys(), 'future', 'no-name']

  await rig.look()
  for (const id of down) assert.equal((await states(rig))[id], 'suspect', id)
  await rig.pass(6000)
  await rig.look()
  const found = await states(rig)
  for (const id of down) assert.equal(found[id], 'down', id)
  for (const id of Object.keys(survives)) {
    assert.equal(found[id], id === 'well' || id === 'client-unknown' ? 'healthy' : 'suspect', id)
  }
  assert.match((await rig.verdict('keys-503'))!.why.sentence, /^Keys \(status-5xx\) failed, seen by 1 of 1 process\.$/)
  for (const [id, [, fault]] of Object.entries({ ...falls, future: [null, 'clock-skew'], 'no-name': [null, 'dns'] })) {
    const { why, open_since: openSince } = (await rig.verdict(id))!
    assert.ok(
      why.faults.every((each) => each.fault === fault),
      `${id}: ${why.sentence}`,
    )
    assert.equal(why.is_control_good, true)
    assert.notEqual(openSince, null)
  }
  assert.deepEqual(await signalsOf(rig, ['provider.down']), down.sort())
  const sent = async (id: string) => [id, await rig.health.preflight({ id })]
  assert.deepEqual(await Promise.all(['keys-503', 'keys-empty', 'discovery-page', 'token-429', 'hangs'].map(sent)), [
    ['keys-503', 'not-needed'],
    ['keys-empty', 'not-needed'],
    ['discovery-page', 'not-needed'],
    ['token-429', 'limited'],
    ['hangs', 'bad'],
  ])

  for (const proxy of proxies.values()) await proxy.set({ kind: 'pass' })
  for (let looks = 0; looks < 10; looks++) {
    await rig.pass(11_000)
    await rig.look()
    if (looks === 0) for (const id of proxies.keys()) assert.equal((await states(rig))[id], 'recovering', id)
  }
  for (const id of proxies.keys()) {
    const { state, open_since: openSince } = (await rig.verdict(id))!
    assert.deepEqual([id, state, openSince], [id, 'healthy', null])
  }
  assert.deepEqual(await signalsOf(rig, ['provider.back']), [...proxies.keys()].sort())
  for (const id of ['future', 'no-name']) assert.notEqual((await rig.verdict(id))!.open_since, null)
})

test('while the control target is away or has another time, a provider that fails is unknown, and our own network is named', async () => {
  for (const harm of ['away', 'other time'] as const) {
    const rig = await openRig()
    const proxy = await addProvider(rig, 'acme')
    await addProvider(rig, 'well')
    await rig.look()
    assert.equal(rig.control.asked, 0, 'it was asked although nothing was wrong')
    await proxy.set({ kind: 'reset' })
    if (harm === 'away') await rig.control.close()
    else rig.control.aheadS = -600
    for (let looks = 0; looks < 3; looks++) {
      await rig.pass(11_000)
      await rig.look()
    }
    const { state, open_since: openSince, why } = (await rig.verdict('acme'))!
    assert.deepEqual([state, openSince, why.is_control_good], ['unknown', null, false], harm)
    assert.deepEqual(await signalsOf(rig, ['provider.down']), [])
    assert.deepEqual(await signalsOf(rig, ['own-network.suspected']), ['acme'])
  }
})

test('when no name can be resolved here, a control target that has none vouches for nobody', async () => {
  const known = new Set(['idp.acme.test', 'control.test'])
  const names = stack.use(await startNames(known))
  for (const controlHost of ['control.test', '127.0.0.1']) {
    for (const name of ['idp.acme.test', 'control.test']) known.add(name)
    const rig = await openRig({ nameServer: names.address, controlHost })
    await addProvider(rig, 'by-address')
    const certificate = rig.authority.issue({ hosts: ['idp.acme.test'] })
    const oidc = stack.use(await startOidcProvider({ people: [], clients: [client], certificate }))
    await insertProvider(rig.database, 'by-name')
    rig.targets.push(targetAt('by-name', `https://idp.acme.test:${oidc.port}`))
    await rig.look()
    assert.deepEqual(await states(rig), { 'by-address': 'healthy', 'by-name': 'healthy' })
    known.clear()
    for (let looks = 0; looks < 3; looks++) {
      await rig.pass(11_000)
      await rig.look()
    }
    assert.deepEqual(await states(rig), { 'by-address': 'healthy', 'by-name': 'unknown' }, controlHost)
  }
})

test('all providers that fail together are our own network, whatever the control target says', async () => {
  const rig = await openRig()
  const proxies = [await addProvider(rig, 'one'), await addProvider(rig, 'two')]
  await rig.look()
  for (const proxy of proxies) await proxy.set({ kind: 'reset' })
  for (let looks = 0; looks < 4; looks++) {
    await rig.pass(11_000)
    await rig.look()
  }
  assert.deepEqual(await states(rig), { one: 'unknown', two: 'unknown' })
  // One of them answers again: then it was the other's own fault.
  await proxies[0]!.set({ kind: 'pass' })
  for (let looks = 0; looks < 2; looks++) {
    await rig.pass(11_000)
    await rig.look()
  }
  assert.equal((await states(rig)).two, 'down')
})

test('a click looks first, within a second and a half and together with all others; what is known already costs nobody anything', async () => {
  const rig = await openRig()
  const proxy = await addProvider(rig, 'acme')
  const { health } = rig
  assert.deepEqual(await Promise.all([health.preflight({ id: 'acme' }), health.preflight({ id: 'acme' })]), [
    'good',
    'good',
  ])
  await health.settled()
  assert.equal(proxy.connections, 4)
  assert.equal(await health.preflight({ id: 'acme' }), 'not-needed')

  await proxy.set({ kind: 'hang' })
  await rig.pass(5001)
  const clicks = Array.from({ length: 20 }, () => health.preflight({ id: 'acme' }))
  assert.deepEqual(new Set(await Promise.all(clicks)), new Set(['bad']))
  // The look itself goes on; whoever clicks now is told at once, and nobody asks again.
  assert.equal(await health.preflight({ id: 'acme' }), 'bad')
  assert.equal(proxy.connections, 8)
  await health.settled()
  assert.equal((await rig.verdict('acme'))?.state, 'suspect')
  // It was a look like every other: the next one makes the switch.
  await rig.pass(5600)
  await rig.look()
  assert.equal((await rig.verdict('acme'))?.state, 'down')
  assert.equal(await health.preflight({ id: 'nobody' }), 'bad')
})

test('a real sign-in that went well is as good as a look; one that failed has somebody look soon, and never more often than every five seconds', async () => {
  const rig = await openRig()
  const proxy = await addProvider(rig, 'acme')
  await rig.look()
  const seen = { provider_id: 'acme', round: null, kind: 'exchange', took_ms: 40, is_control_good: null } as const
  await rig.pass(6000)
  rig.health.note({ ...seen, outcome: 'good', fault: null, detail: null })
  assert.equal(await rig.health.preflight({ id: 'acme' }), 'not-needed')
  const fails = { ...seen, outcome: 'fault', fault: 'timeout', detail: 'it did not answer' } as const
  for (let times = 0; times < 1000; times++) rig.health.note(fails)
  await rig.look()
  assert.equal(proxy.connections, 8)
  for (let times = 0; times < 1000; times++) rig.health.note(fails)
  await rig.look()
  assert.equal(proxy.connections, 8)
  // A thousand of one kind are written as a few.
  const { total } = await rig.database.database('background').one<{ total: number }>(sql`
    select count(*)::int as total from providers.evidence where kind = 'exchange'`)
  assert.ok(total <= 16, `${total} rows`)
  assert.equal((await rig.verdict('acme'))?.state, 'suspect')
})

test('a verdict that another process made is known here, and told to whoever listens, once', async () => {
  const rig = await openRig()
  const proxy = await addProvider(rig, 'acme')
  await rig.look()
  const other = rig.beside('process-2')
  const heard: string[] = []
  other.onVerdict(({ state }) => void heard.push(state))
  await other.reload()
  await proxy.set({ kind: 'reset' })
  for (let looks = 0; looks < 3; looks++) {
    await rig.pass(11_000)
    await other.reload()
    await rig.look()
  }
  await other.reload()
  // One of two that watch is not more than half.
  assert.equal(other.verdictOf('acme')?.state, 'suspect')
  // What others saw has it look as well.
  await rig.look(other)
  await rig.health.reload()
  await rig.health.reload()
  assert.equal(rig.health.verdictOf('acme')?.state, 'down')
  assert.deepEqual(heard, ['healthy', 'suspect', 'down'])
})

test('a process whose own way out is broken is told of by its name, hides no outage, and keeps nobody on the other way when it is over', async () => {
  const rig = await openRig()
  const proxy = await addProvider(rig, 'acme')
  const broken = rig.beside('process-2', { isCutOff: true })
  const lookBoth = async (times: number) => {
    for (let looks = 0; looks < times; looks++) {
      await rig.pass(11_000)
      await rig.look(broken)
      await rig.look()
    }
  }
  await rig.look()
  await lookBoth(3)
  assert.deepEqual(await states(rig), { acme: 'healthy' }, 'what only it sees speaks against nobody')
  assert.deepEqual(await signalsOf(rig, ['own-network.suspected']), ['process-2'])
  await rig.health.reload()
  assert.deepEqual(
    rig.health.cutOff().map(({ process_id }) => process_id),
    ['process-2'],
  )
  await proxy.set({ kind: 'reset' })
  await lookBoth(3)
  assert.deepEqual(await states(rig), { acme: 'down' })
  await proxy.set({ kind: 'pass' })
  await lookBoth(9)
  const { state, open_since: openSince, why } = (await rig.verdict('acme'))!
  assert.deepEqual([state, openSince, why.processes.live], ['healthy', null, 1])
  assert.deepEqual(await signalsOf(rig, ['provider.down', 'provider.back']), ['acme', 'acme'])
  // Once, however often it looked.
  assert.deepEqual(await signalsOf(rig, ['own-network.suspected']), ['process-2'])
})

test('evidence is kept for an hour', async () => {
  const rig = await openRig()
  await addProvider(rig, 'acme')
  await rig.look()
  await rig.pass(61 * 60_000)
  await rig.look()
  await rig.health.jobs.find(({ name }) => name === 'forget evidence')!.run()
  const { total } = await rig.database.database('background').one<{ total: number }>(sql`
    select count(*)::int as total from providers.evidence`)
  assert.equal(total, 4)
})

test('through the front of providers: what is offered is looked at, a real sign-in is evidence, and a sign-in reads the row', async () => {
  const rig = stack.use(await openProviderRig())
  const { providers, provider, db } = rig
  const run = async (name: string) => providers.jobs.find((job) => job.name === name)!.run()
  assert.equal(await providers.verdictIn(db, provider.id), undefined)
  assert.equal(await providers.preflight(provider), 'good')
  assert.equal(await providers.preflight(provider), 'not-needed')
  await eventually(() => providers.verdictOf(provider.id))
  assert.equal((await providers.verdictIn(db, provider.id))?.state, 'healthy')
  assert.equal((await rig.signIn()).outcome, 'proved')
  await run('write evidence of sign-ins')
  const seen = await db.many<{ kind: string; outcome: string }>(sql`
    select kind, outcome from providers.evidence where provider_id = ${provider.id} order by kind limit 10`)
  assert.deepEqual(
    seen.map(({ kind, outcome }) => `${kind} ${outcome}`),
    ['authorization good', 'discovery good', 'exchange good', 'keys good', 'token good'],
  )
  assert.deepEqual([providers.standing().state, providers.standing().offered], ['ok', 1])
  // A code that nobody gave out is refused, and is evidence of nothing.
  const { url, ...departure } = await providers.depart(provider, {})
  const callbackUrl = new URL(
    `/sign-in/callback/${provider.id}?code=junk&state=${departure.state}&iss=${rig.oidc.issuer}`,
    url,
  )
  const { outcome } = await providers.exchange(provider, { callbackUrl, departure, ...somebody() })
  assert.equal(outcome, 'refused')
  await run('write evidence of sign-ins')
  const { total } = await db.one<{ total: number }>(sql`select count(*)::int as total from providers.evidence`)
  assert.equal(total, 5)
})
