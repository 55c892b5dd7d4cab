/** What a provider may say that is not so, each refused for its own reason; and outages, which are no lies. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import {
  type Behaviour,
  invalidGrant,
  keysEmpty,
  type Lie,
  lies,
  tooManyRequests,
} from '../../../../doubles/oidc/index.ts'
import { openProviderRig, type ProviderRig, somebody } from '../testing.ts'

let rig: ProviderRig
before(async () => {
  rig = await openProviderRig()
})
beforeEach(async () => {
  await behave({ lie: null, answers: {} })
  // A look is shared for some seconds; each test has its own.
  rig.clock.advance(60_000)
  rig.logged.length = 0
})
after(() => rig[Symbol.asyncDispose]())

const behave = (behaviour: Partial<Behaviour>) => rig.behave(behaviour)

const codes: Record<Lie, string> = {
  'wrong-issuer': 'bad_issuer',
  'wrong-audience': 'bad_audience',
  'wrong-nonce': 'bad_nonce',
  'wrong-subject': 'bad_subject',
  'missing-issuer': 'missing_claim',
  'missing-audience': 'missing_claim',
  'missing-subject': 'missing_claim',
  'missing-expiry': 'missing_claim',
  'missing-issued-at': 'missing_claim',
  'missing-nonce': 'missing_claim',
  'missing-id-token': 'missing_id_token',
  'bad-signature': 'bad_signature',
  'algorithm-none': 'bad_algorithm',
  'algorithm-confusion': 'bad_algorithm',
  'unknown-key': 'unknown_key',
  'key-confusion': 'bad_signature',
  'userinfo-wrong-subject': 'bad_subject',
  'callback-wrong-issuer': 'mix_up',
}

for (const lie of lies) {
  test(`a provider that lies is refused, and the log says why: ${lie}`, async () => {
    await behave({ lie })
    assert.deepEqual(await rig.signIn(), { outcome: 'refused', code: codes[lie] })
    const [line] = rig.logged
    assert.equal(line?.code, codes[lie])
    assert.equal(line?.provider, rig.provider.id)
    assert.doesNotMatch(JSON.stringify(rig.logged), /eyJ|a-secret-of-a-test/)
  })
}

test('after every lie the provider is believed when it tells the truth', async () => {
  assert.equal((await rig.signIn()).outcome, 'proved')
})

test('no token is asked for when the callback is not ours: state, issuer and error are looked at before', async () => {
  const { url, ...departure } = await rig.providers.depart(rig.provider, {})
  const callback = await rig.walk(url, 'ana')
  const before = (await rig.oidc.order({ do: 'tell' })).requests.token
  const exchanged = (change: (url: URL) => void) => {
    const changed = new URL(callback)
    change(changed)
    return rig.providers.exchange(rig.provider, { callbackUrl: changed, departure, ...somebody() })
  }
  const set = (name: string, value: string) => (to: URL) => to.searchParams.set(name, value)
  assert.deepEqual(await exchanged(set('state', 'another')), { outcome: 'refused', code: 'bad_state' })
  assert.deepEqual(await exchanged((to) => to.searchParams.delete('state')), { outcome: 'refused', code: 'bad_state' })
  assert.deepEqual(await exchanged(set('iss', 'https://evil.test')), { outcome: 'refused', code: 'mix_up' })
  assert.deepEqual(await exchanged((to) => to.searchParams.delete('iss')), { outcome: 'refused', code: 'mix_up' })
  assert.deepEqual(await exchanged(set('error', 'server_error')), { outcome: 'denied', error: 'server_error' })
  assert.deepEqual(await exchanged((to) => to.searchParams.delete('code')), {
    outcome: 'refused',
    code: 'bad_callback',
  })
  assert.deepEqual(await exchanged((to) => to.searchParams.append('code', 'two')), {
    outcome: 'refused',
    code: 'bad_callback',
  })
  assert.equal((await rig.oidc.order({ do: 'tell' })).requests.token, before)
})

test('a code of one sign-in is worth nothing in another: PKCE and nonce belong to the departure', async () => {
  const first = await rig.providers.depart(rig.provider, {})
  const second = await rig.providers.depart(rig.provider, {})
  const callbackUrl = await rig.walk(first.url, 'ana')
  callbackUrl.searchParams.set('state', second.state)
  const departure = { ...second, url: undefined }
  const exchanged = await rig.providers.exchange(rig.provider, { callbackUrl, departure, ...somebody() })
  assert.deepEqual(exchanged, { outcome: 'refused', code: 'code_refused' })
})

test('what the token endpoint refuses is no outage, and a wrong client secret has a name of its own', async () => {
  await behave({ answers: { token: invalidGrant } })
  assert.deepEqual(await rig.signIn(), { outcome: 'refused', code: 'code_refused' })
  const json = { 'content-type': 'application/json' }
  await behave({ answers: { token: { status: 401, headers: json, body: '{"error":"invalid_client"}' } } })
  assert.deepEqual(await rig.signIn(), { outcome: 'refused', code: 'client_refused' })
})

test('an outage of the token endpoint is unknown: 503, 429, a page for JSON, half of JSON', async () => {
  const json = { 'content-type': 'application/json' }
  const cases = [
    [{ status: 503, body: 'down' }, 'status-5xx'],
    [tooManyRequests(30), 'limited'],
    [{ status: 200, body: '<!doctype html><p>maintenance' }, 'html'],
    [{ status: 302, headers: { location: 'https://169.254.169.254/' }, body: '' }, 'redirect'],
  ] as const
  for (const [token, fault] of cases) {
    await behave({ answers: { token } })
    assert.deepEqual(await rig.signIn(), { outcome: 'unknown', fault })
  }
  await behave({ answers: { token: { status: 200, headers: json, body: '{"id_token":' } } })
  assert.deepEqual(await rig.signIn(), { outcome: 'refused', code: 'malformed' })
})

test('whatever the token endpoint says that is no id_token is refused, and nothing of it stands in the log', async () => {
  const headers = { 'content-type': 'application/json' }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = part({ alg: 'RS256' })
  const tokens = [
    ...['', 'a', 'a.b', 'a.b.c', '!!.!!.!!', '...', 'a.b.c.d.e', `${head}.${part({})}.!!`, `${head}.!!.x`],
    ...[
      `${part(null)}.${part({})}.x`,
      `${part([])}.${part([])}.x`,
      `${head}.${part(null)}.x`,
      `${part({ alg: 1 })}.e30.x`,
    ],
    ...[`${part({ alg: 'RS256', crit: ['x'] })}.${part({})}.x`, `${part({ alg: 'RS256', kid: {} })}.${part({})}.x`],
    ...[`${head}.${part({ iss: {}, aud: {}, exp: 'x', iat: [], sub: 1 })}.x`, `${'a'.repeat(100_000)}.b.c`],
    ...[1, null, [], {}],
  ]
  const bodies = [
    ...tokens.map((id_token) => ({ access_token: 'planted-access', token_type: 'Bearer', id_token })),
    ...[
      {},
      [],
      null,
      1,
      { access_token: 1 },
      { access_token: 'planted-access' },
      { access_token: 'a', token_type: 'mac' },
    ],
  ]
  for (const body of bodies) {
    await behave({ answers: { token: { status: 200, headers, body: JSON.stringify(body) } } })
    const said = await rig.signIn()
    assert.equal(said.outcome, 'refused', JSON.stringify(body).slice(0, 200))
  }
  assert.equal(rig.logged.length, bodies.length)
  assert.doesNotMatch(JSON.stringify(rig.logged), /planted-access|a-secret-of-a-test|eyJ/)
})

test('whatever userinfo says of somebody else or in another form, the subject of the id_token is who it is', async () => {
  const headers = { 'content-type': 'application/json' }
  const bodies = ['null', '[]', '{}', '{"sub":1}', '{"sub":"ANA"}', '{"sub":"ana "}', '{"sub":["ana"]}', 'x', '']
  for (const body of bodies) {
    await behave({ answers: { userinfo: { status: 200, headers, body } } })
    const said = await rig.signIn()
    const isHarmless = said.outcome === 'proved' && said.identity.subject === 'ana'
    assert.ok(said.outcome === 'refused' || isHarmless, body)
  }
})

test('a token of the future is a clock and no lie, and so is one that had run out when it was issued', async () => {
  for (const clockAheadSeconds of [90, 3600, -7200]) {
    const { url, ...departure } = await rig.providers.depart(rig.provider, {})
    const callbackUrl = await rig.walk(url, 'ana')
    const ours = Math.round((rig.clock.now().getTime() - Date.now()) / 1000)
    await behave({ clockAheadSeconds: ours + clockAheadSeconds })
    const exchanged = await rig.providers.exchange(rig.provider, { callbackUrl, departure, ...somebody() })
    assert.deepEqual(exchanged, { outcome: 'unknown', fault: 'clock-skew' }, String(clockAheadSeconds))
    await behave({ clockAheadSeconds: ours })
  }
})

test('while userinfo is down, everybody comes in whose id_token was checked, and it is seen that it is down', async () => {
  await using own = await openProviderRig({ people: [{ sub: 'cem', name: 'Cem' }] })
  const write = own.providers.jobs.find(({ name }) => name === 'write evidence of sign-ins')!
  const answers = [
    { status: 503, body: 'down' },
    { status: 429, body: '' },
    { status: 200, body: '<html>' },
  ]
  for (const userinfo of answers) {
    await own.behave({ answers: { userinfo } })
    const came = await own.signIn('cem')
    assert.ok(came.outcome === 'proved', JSON.stringify(userinfo))
    assert.deepEqual([came.identity.subject, came.identity.email], ['cem', null])
  }
  await write.run()
  const seen = await own.db.many<{ outcome: string }>(
    sql`select outcome from providers.evidence where kind = 'exchange' order by id`,
  )
  assert.deepEqual(
    seen.slice(0, 2).map(({ outcome }) => outcome),
    ['fault', 'limited'],
  )
  await own.behave({ lie: 'userinfo-wrong-subject', answers: {} })
  assert.deepEqual(await own.signIn('cem'), { outcome: 'refused', code: 'bad_subject' })
})

test('a browser that loops has spent its calls, and others have theirs', async () => {
  await behave({ answers: { token: invalidGrant } })
  const browser = randomBytes(32)
  const { url, ...departure } = await rig.providers.depart(rig.provider, {})
  const callbackUrl = await rig.walk(url, 'ana')
  const exchanged = (whose: Buffer) =>
    rig.providers.exchange(rig.provider, { callbackUrl, departure, ...somebody(whose) })
  const said: unknown[] = []
  for (let turn = 0; turn < 25; turn++) said.push((await exchanged(browser)).outcome)
  assert.deepEqual(new Set(said.slice(0, 20)), new Set(['refused']))
  assert.deepEqual(new Set(said.slice(20)), new Set(['busy']))
  assert.deepEqual(await exchanged(randomBytes(32)), { outcome: 'refused', code: 'code_refused' })
})

test('a callback that has us ask nothing costs nothing: a forged error, another state, no code', async () => {
  const browser = randomBytes(32)
  const { url, ...departure } = await rig.providers.depart(rig.provider, {})
  const callback = await rig.walk(url, 'ana')
  const come = (query: Record<string, string>) => {
    const callbackUrl = new URL(callback)
    callbackUrl.search = new URLSearchParams({ iss: rig.oidc.issuer, ...query }).toString()
    return rig.providers.exchange(rig.provider, { callbackUrl, departure, ...somebody(browser) })
  }
  const { state } = departure
  for (let turn = 0; turn < 25; turn++) {
    await come({ error: 'server_error', state })
    await come({ code: 'junk', state: 'another' })
    await come({ state })
  }
  const exchanged = await rig.providers.exchange(rig.provider, {
    ...{ callbackUrl: callback, departure },
    ...somebody(browser),
  })
  assert.equal(exchanged.outcome, 'proved')
})

test('keys that are down, empty or no JSON take none away: a known key is good', async () => {
  const answers = [{ status: 503, body: 'down' }, keysEmpty, { status: 200, body: '<html>' }, { status: 404, body: '' }]
  for (const keys of answers) {
    await behave({ answers: { keys } })
    await lookAgain()
    assert.equal((await rig.signIn()).outcome, 'proved', JSON.stringify(keys))
  }
})

test('while keys cannot be fetched, a token with an unknown key is unknown, and comes in when they are back', async () => {
  await behave({ answers: { keys: { status: 503, body: 'down' } } })
  await rig.oidc.order({ do: 'rotate-keys', overlap: false })
  assert.deepEqual(await rig.signIn(), { outcome: 'unknown', fault: 'keys' })
  await behave({ answers: {} })
  rig.clock.advance(10_000)
  assert.equal((await rig.signIn()).outcome, 'proved')
})

test('keys that are rotated without overlap are looked for once, and the person comes in', async () => {
  await rig.oidc.order({ do: 'rotate-keys', overlap: false })
  const before = (await rig.oidc.order({ do: 'tell' })).requests.keys
  assert.equal((await rig.signIn()).outcome, 'proved')
  assert.equal((await rig.signIn()).outcome, 'proved')
  assert.equal((await rig.oidc.order({ do: 'tell' })).requests.keys, before + 1)
})

test('a key that a good set no longer holds is withdrawn for good: here, elsewhere, and when it is shown again', async () => {
  await using own = await openProviderRig()
  const keysBody = async () => ({ keys: await shownKeys(own) })
  const json = { 'content-type': 'application/json' }
  const old = await keysBody()
  await own.oidc.order({ do: 'rotate-keys', overlap: true })
  assert.equal((await own.signIn()).outcome, 'proved')
  const rotated = await keysBody()
  const fresh = { keys: rotated.keys.filter(({ kid }) => kid !== old.keys[0]!.kid) }
  const other = await own.beside()

  // Both are known; then the provider takes the newest one away, with which it goes on signing.
  await own.behave({ answers: { keys: { status: 200, headers: json, body: JSON.stringify(old) } } })
  await lookAgain(own)
  assert.deepEqual(await own.signIn(), { outcome: 'refused', code: 'withdrawn_key' })
  await own.behave({ answers: { keys: { status: 200, headers: json, body: JSON.stringify(fresh) } } })
  await lookAgain(own)
  assert.deepEqual(await own.signIn(), { outcome: 'refused', code: 'withdrawn_key' })
  await own.behave({ answers: { keys: { status: 503, body: 'down' } } })
  await other.reload()
  const { url, ...departure } = await other.depart(own.provider, {})
  const callbackUrl = await own.walk(url, 'ana')
  assert.deepEqual(await other.exchange(own.provider, { callbackUrl, departure, ...somebody() }), {
    outcome: 'refused',
    code: 'withdrawn_key',
  })
})

test('keys that were not seen for longer than they are good for are good no more: unknown, and no lie', async () => {
  await using own = await openProviderRig({ keys_good_for_ms: 3_600_000 })
  await own.behave({ answers: { keys: { status: 503, body: 'down' } } })
  own.clock.advance(3_500_000)
  assert.equal((await own.signIn()).outcome, 'proved')
  own.clock.advance(200_000)
  assert.deepEqual(await own.signIn(), { outcome: 'unknown', fault: 'keys' })
})

async function lookAgain(of = rig): Promise<void> {
  of.clock.advance(6 * 60_000)
  await of.providers.jobs.find(({ name }) => name === 'fetch documents of providers')!.run()
}

async function shownKeys({ oidc }: ProviderRig): Promise<{ kid: string }[]> {
  const answer = await fetch(`${oidc.issuer}/jwks`)
  return ((await answer.json()) as { keys: { kid: string }[] }).keys
}
