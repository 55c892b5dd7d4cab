import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { openTestServer, type TestServer } from '../../../platform/http/testing.ts'
import { openProviderRig, type ProviderRig, somebody, TEST_CLIENT } from '../testing.ts'

let rig: ProviderRig
let server: TestServer
before(async () => {
  rig = await openProviderRig({
    name: 'First',
    issuer: 'https://first.acme.invalid',
    client_id: 'another-client',
    client_secret_sealed: null,
  })
  server = await openTestServer(rig.providers.routes)
})
after(async () => {
  await server[Symbol.asyncDispose]()
  await rig[Symbol.asyncDispose]()
})

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const json = body && { 'content-type': 'application/json' }
  const init = { method, headers: { ...json, ...headers }, ...(body && { body: JSON.stringify(body) }) }
  const { status, text } = await server.ask(path, init)
  return { status, body: text ? JSON.parse(text) : undefined }
}

const ours = () => ({
  preset: 'oidc',
  name: ' Acme   SSO ',
  issuer: rig.oidc.issuer,
  ...TEST_CLIENT,
  domains: ['Acme.Test', '@acme.test', 'acme.example'],
})

test('a provider is set up disabled, tested, enabled, and then people are sent to it', async () => {
  const made = await ask('POST', '/v1/providers', ours())
  assert.equal(made.status, 201)
  const { id } = made.body
  assert.equal(made.body.name, 'Acme SSO')
  assert.deepEqual(made.body.domains, ['acme.test', 'acme.example'])
  assert.deepEqual(made.body.scopes, ['openid', 'email', 'profile'])
  assert.equal(made.body.token_endpoint_auth, 'client_secret_basic')
  assert.equal(made.body.has_client_secret, true)
  assert.equal(made.body.callback_url, `https://id.acme.test/sign-in/callback/${id}`)
  await rig.allow(TEST_CLIENT.client_id, id)
  assert.equal(rig.providers.ofDomain('acme.test'), undefined)

  const early = await ask('POST', `/v1/providers/${id}/enable`)
  assert.equal(early.body.code, 'providers.not_tested')
  const tested = await ask('POST', `/v1/providers/${id}/test`)
  assert.equal(tested.status, 200)
  assert.deepEqual(
    tested.body.steps.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]),
    ['discovery', 'issuer', 'endpoints', 'keys', 'authorization', 'client'].map((name) => [name, 'good']),
  )
  assert.match(tested.body.steps.at(-1).detail, /knows this client and its secret/)
  const enabled = await ask('POST', `/v1/providers/${id}/enable`)
  assert.equal(enabled.body.is_enabled, true)
  assert.ok(enabled.body.tested_at && enabled.body.last_fetched.keys)
  assert.equal(rig.providers.ofDomain('acme.test')?.id, id)

  const changed = await ask('PATCH', `/v1/providers/${id}`, { domains: ['acme.example'], trusts_email: true })
  assert.equal(changed.body.is_enabled, true)
  assert.ok(changed.body.tested_at)
  assert.equal(rig.providers.ofDomain('acme.test'), undefined)
  // Trusted later than at the beginning, it counts a day later, as a looser policy does; what was not loosened counts.
  const inHours = (at: string) => Math.round((Date.parse(at) - Date.now()) / 3_600_000)
  assert.deepEqual([inHours(changed.body.email_counts_from), changed.body.factors_count_from], [24, null])
  const disabled = await ask('POST', `/v1/providers/${id}/disable`)
  assert.equal(disabled.body.is_enabled, false)
  const renewed = await ask('PATCH', `/v1/providers/${id}`, { client_secret: 'another-secret' })
  assert.deepEqual([renewed.body.tested_at, renewed.body.version], [null, 3])
  const wrong = await ask('POST', `/v1/providers/${id}/test`)
  assert.equal(wrong.body.is_good, false)
  assert.match(wrong.body.steps.at(-1).detail, /invalid_client/)
  assert.equal(rig.providers.ofDomain('acme.example'), undefined)
  assert.equal((await ask('DELETE', `/v1/providers/${id}`)).status, 204)
  assert.equal((await ask('GET', `/v1/providers/${id}`)).status, 404)
})

test('what people are sent to is changed only by what was tested: a wrong secret changes nothing, and a right one is good at once', async () => {
  const { body: made } = await ask('POST', '/v1/providers', ours())
  const { id } = made
  await rig.allow(TEST_CLIENT.client_id, id)
  await ask('POST', `/v1/providers/${id}/test`)
  await ask('POST', `/v1/providers/${id}/enable`)
  const change = (body: object, headers = {}) => ask('PATCH', `/v1/providers/${id}`, body, headers)
  const version = async () => (await ask('GET', `/v1/providers/${id}`)).body.version
  const signIn = async () => {
    const provider = rig.providers.find(id)!
    const { url, ...departure } = await rig.providers.depart(provider, {})
    const callbackUrl = await rig.walk(url, 'ana')
    return (await rig.providers.exchange(provider, { callbackUrl, departure, ...somebody() })).outcome
  }

  const begun = await version()
  const wrong = await change({ client_secret: 'with-a-typing-error' })
  assert.deepEqual([wrong.status, wrong.body.code], [409, 'providers.test_failed'])
  assert.match(wrong.body.detail, /Nothing was changed.*invalid_client/)
  assert.equal((await change({ client_id: 'nobody' })).body.code, 'providers.test_failed')
  const moved = await change({ issuer: 'https://id.elsewhere.example' })
  assert.deepEqual([moved.status, moved.body.code], [409, 'providers.issuer_in_use'])
  assert.deepEqual([await version(), await signIn()], [begun, 'proved'])

  // Another client over there, with a secret and a way of showing it of its own.
  const client = { client_id: 'renewed', client_secret: 'the-second-secret', redirect_uris: [rig.callbackOf(id)] }
  await rig.oidc.order({
    do: 'add-client',
    client: { ...client, token_endpoint_auth_method: 'client_secret_post' } as never,
  })
  const { client_id, client_secret } = client
  const key = { 'idempotency-key': 'renew-1' }
  const right = () => change({ client_id, client_secret, token_endpoint_auth: 'client_secret_post' }, key)
  const renewed = await right()
  assert.deepEqual([renewed.status, renewed.body.is_enabled, renewed.body.version], [200, true, begun + 1])
  assert.ok(renewed.body.tested_at)
  assert.equal(await signIn(), 'proved')
  // Whoever lost the answer gets it again, also while it could not be tested.
  await rig.behave({ answers: { token: { status: 503, body: 'down' } } })
  assert.deepEqual((await right()).body, renewed.body)
  assert.equal((await change({ client_secret: 'a-third' })).body.code, 'providers.test_failed')
  await rig.behave({ answers: {} })
  await ask('DELETE', `/v1/providers/${id}`)
})

test('no secret is ever told, and none is at rest in the open', async () => {
  const made = await ask('POST', '/v1/providers', ours())
  const seen = JSON.stringify([made.body, (await ask('GET', '/v1/providers')).body])
  assert.doesNotMatch(seen, /a-secret-of-a-test|sealed/)
  const kept = await rig.db.many<object>(sql`select * from providers.provider`)
  assert.doesNotMatch(JSON.stringify(kept), /a-secret-of-a-test/)
  await ask('DELETE', `/v1/providers/${made.body.id}`)
})

test('each kind of provider makes its issuer of what its form asks', async () => {
  const uuid = '11111111-2222-3333-4444-555555555555'
  const cases: [object, string][] = [
    [{ preset: 'auth0', domain: 'acme.eu.auth0.com' }, 'https://acme.eu.auth0.com/'],
    [{ preset: 'auth0', domain: ' https://Login.Acme.example/ ' }, 'https://login.acme.example/'],
    [{ preset: 'google' }, 'https://accounts.google.com'],
    [{ preset: 'okta', domain: 'acme.okta.com' }, 'https://acme.okta.com'],
    [
      { preset: 'keycloak', realm_url: 'https://sso.acme.example/realms/acme/' },
      'https://sso.acme.example/realms/acme',
    ],
    [{ preset: 'entra', tenant: uuid.toUpperCase() }, `https://login.microsoftonline.com/${uuid}/v2.0`],
    [
      { preset: 'entra', client_id: 'shared', tenant: 'organizations', tenants: [uuid] },
      'https://login.microsoftonline.com/organizations/v2.0',
    ],
    [{ preset: 'oidc', issuer: 'https://id.acme.example/a' }, 'https://id.acme.example/a'],
  ]
  for (const [fields, issuer] of cases) {
    const made = await ask('POST', '/v1/providers', { name: 'One', client_id: 'client', ...fields })
    assert.equal(made.body.issuer, issuer, JSON.stringify(fields))
    assert.equal(made.body.token_endpoint_auth, 'none')
    await ask('DELETE', `/v1/providers/${made.body.id}`)
  }
})

test('what cannot be right is refused with a code and what to do', async () => {
  const uuid = '11111111-2222-3333-4444-555555555555'
  const base = { preset: 'oidc', name: 'One', client_id: 'one', issuer: 'https://id.acme.example' }
  const cases: [object, string][] = [
    [{ name: '   ' }, 'bad_name'],
    [{ preset: 'auth0', issuer: undefined }, 'bad_field'],
    [{ preset: 'okta', issuer: undefined, domain: 'not a host' }, 'bad_field'],
    [{ preset: 'entra', issuer: undefined, tenant: 'acme.onmicrosoft.com' }, 'bad_field'],
    [{ preset: 'entra', issuer: undefined, tenant: 'common' }, 'tenants_needed'],
    [{ preset: 'entra', issuer: undefined, tenant: 'organizations', tenants: [] }, 'tenants_needed'],
    [{ preset: 'entra', issuer: undefined, tenant: 'organizations', tenants: ['acme'] }, 'bad_tenant'],
    [{ preset: 'entra', issuer: 'https://login.microsoftonline.us/common/v2.0' }, 'tenants_needed'],
    [{ preset: 'oidc', issuer: undefined }, 'bad_field'],
    [{ issuer: 'http://id.acme.example' }, 'bad_issuer'],
    [{ issuer: 'https://user:pw@id.acme.example' }, 'bad_issuer'],
    [{ issuer: 'https://id.acme.example?x=1' }, 'bad_issuer'],
    [{ issuer: 'https://id.acme.example/.well-known/openid-configuration' }, 'bad_issuer'],
    [{ issuer: 'javascript:alert(1)' }, 'bad_issuer'],
    [{ domains: ['acme'] }, 'bad_domain'],
    [{ domains: ['ana@acme.example'] }, 'bad_domain'],
    [{ token_endpoint_auth: 'client_secret_post' }, 'secret_needed'],
    [{ preset: 'entra', tenant: uuid, issuer: undefined, tenants: ['*'] }, 'bad_tenant'],
  ]
  for (const [fields, code] of cases) {
    const refused = await ask('POST', '/v1/providers', { ...base, ...fields })
    assert.equal(refused.body.code, `providers.${code}`, JSON.stringify([fields, refused.body]))
  }
  assert.equal((await ask('POST', '/v1/providers', { ...base, extra: 1 })).status, 400)
  assert.equal((await ask('POST', '/v1/providers', { ...base, keys_good_for_ms: 8 * 24 * 3_600_000 })).status, 400)
})

test('two providers never vouch for the same people, nor share a domain, also when both are set up at once', async () => {
  const base = {
    preset: 'oidc',
    name: 'One',
    client_id: 'one',
    issuer: 'https://id.acme.example',
    domains: ['one.test'],
  }
  const both = await Promise.all([ask('POST', '/v1/providers', base), ask('POST', '/v1/providers', base)])
  const codes = both.map(({ status, body }) => (status === 201 ? 'made' : body.code))
  assert.deepEqual(codes.toSorted(), ['made', 'providers.taken'])
  const again = await ask('POST', '/v1/providers', { ...base, client_id: 'two', domains: [] })
  assert.deepEqual([again.status, again.body.code], [409, 'providers.taken'])
  assert.match(again.body.detail, /prv_\w+ stands for the issuer .* Change that one, or delete it first/)
  const other = await ask('POST', '/v1/providers', { ...base, issuer: 'https://id.two.example' })
  assert.equal(other.body.code, 'providers.domain_taken')
  const moved = await ask('POST', '/v1/providers', { ...base, issuer: 'https://id.two.example', domains: [] })
  const back = await ask('PATCH', `/v1/providers/${moved.body.id}`, { issuer: base.issuer })
  assert.equal(back.body.code, 'providers.taken')
  const entra = { preset: 'entra', name: 'E', client_id: 'e' }
  const tenant = '11111111-2222-3333-4444-555555555555'
  await ask('POST', '/v1/providers', { ...entra, tenant })
  const shared = await ask('POST', '/v1/providers', { ...entra, tenant: 'organizations', tenants: [tenant] })
  assert.equal(shared.body.code, 'providers.taken')
  // Other people than those of the first: nobody's are theirs.
  const others = { tenant: 'organizations', tenants: ['99999999-2222-3333-4444-555555555555'] }
  const apart = await ask('POST', '/v1/providers', { ...entra, ...others })
  assert.equal(apart.status, 201)
  const wider = await ask('PATCH', `/v1/providers/${apart.body.id}`, { tenants: [...others.tenants, tenant] })
  assert.equal(wider.body.code, 'providers.taken')
  for (const { id, name } of (await ask('GET', '/v1/providers')).body.data) {
    if (name !== 'First') await ask('DELETE', `/v1/providers/${id}`)
  }
})

test('a provider that was deleted and is added again with its issuer is the one that it was', async () => {
  const said = { preset: 'oidc', name: 'One', client_id: 'one', issuer: 'https://id.again.example' }
  const made = await ask('POST', '/v1/providers', said)
  await ask('PATCH', `/v1/providers/${made.body.id}`, { name: 'Two' })
  await ask('DELETE', `/v1/providers/${made.body.id}`)
  const again = await ask('POST', '/v1/providers', { ...said, client_id: 'another' })
  assert.equal(again.body.id, made.body.id)
  // What was begun under the settings of before is not finished under these.
  assert.equal(again.body.version, 3)
  assert.deepEqual([again.body.is_enabled, again.body.tested_at, again.body.domains], [false, null, []])
  await ask('DELETE', `/v1/providers/${made.body.id}`)
  // More trust than it had waits for a day, as where it is changed: to take it away and add it again is no way round.
  const trusted = { trusts_email: true, trusts_factors: true }
  const comesAgain = async (more: object) => {
    const { body } = await ask('POST', '/v1/providers', { ...said, ...more })
    await ask('DELETE', `/v1/providers/${body.id}`)
    return [body.email_counts_from !== null, body.factors_count_from !== null]
  }
  assert.deepEqual(await comesAgain(trusted), [true, true])
  assert.deepEqual(await comesAgain(trusted), [true, true], 'nothing of it counted yet')
  await rig.db.run(sql`update providers.issuer set trusted_email = true where issuer = ${said.issuer}`)
  assert.deepEqual(await comesAgain(trusted), [false, true])
  assert.deepEqual(await comesAgain({ trusts_email: true }), [false, false], 'what had counted counts')
  // Another one that moved to its issuer is itself, and so is one that is added with an issuer that nobody ever had.
  const other = await ask('POST', '/v1/providers', { ...said, issuer: 'https://id.new.example' })
  assert.notEqual(other.body.id, made.body.id)
  assert.equal((await ask('PATCH', `/v1/providers/${other.body.id}`, { issuer: said.issuer })).status, 200)
  assert.equal((await ask('POST', '/v1/providers', said)).body.code, 'providers.taken')
  await ask('DELETE', `/v1/providers/${other.body.id}`)
})

test('a test says what is wrong, one thing at a time, and asks nothing that stands on it', async () => {
  const { body: made } = await ask('POST', '/v1/providers', ours())
  const wrong = async () => {
    const { body } = await ask('POST', `/v1/providers/${made.id}/test`)
    assert.equal(body.is_good, false)
    return `${body.steps.at(-1).name}: ${body.steps.at(-1).detail}`
  }
  const json = { 'content-type': 'application/json' }
  await rig.behave({ answers: { discovery: { status: 503, body: 'down' } } })
  assert.equal(await wrong(), 'discovery: It answered 503.')
  await rig.behave({ answers: { discovery: { status: 200, headers: json, body: '{"issuer":"https://evil.test"}' } } })
  assert.match(await wrong(), /^issuer: Its discovery document names another issuer/)
  const plain = { issuer: rig.oidc.issuer, authorization_endpoint: 'http://127.0.0.1/auth' }
  await rig.behave({ answers: { discovery: { status: 200, headers: json, body: JSON.stringify(plain) } } })
  assert.match(await wrong(), /^endpoints: The authorization_endpoint .* no https address/)
  await rig.behave({ answers: { keys: { status: 200, headers: json, body: '{"keys":[]}' } } })
  assert.match(await wrong(), /^keys: Its key set holds no key/)
  await rig.behave({ answers: { authorization: { status: 400, body: 'unknown client' } } })
  assert.match(await wrong(), /^authorization: It answered 400: check the client id/)
  await rig.behave({ answers: {} })
  await ask('DELETE', `/v1/providers/${made.id}`)
})

test('a test that went well does not count for settings that were changed while it ran', async () => {
  const { body: made } = await ask('POST', '/v1/providers', ours())
  await Promise.all([
    ask('POST', `/v1/providers/${made.id}/test`),
    ask('PATCH', `/v1/providers/${made.id}`, { issuer: 'https://id.acme.example' }),
  ])
  assert.equal((await ask('POST', `/v1/providers/${made.id}/enable`)).body.code, 'providers.not_tested')
  await ask('DELETE', `/v1/providers/${made.id}`)
})

test('a list is paged, and what each form asks is told', async () => {
  const { body: made } = await ask('POST', '/v1/providers', ours())
  const first = await ask('GET', '/v1/providers?limit=1')
  assert.equal(first.body.data[0].id, made.id)
  const second = await ask('GET', `/v1/providers?limit=1&cursor=${first.body.next_cursor}`)
  assert.equal(second.body.data[0].id, rig.provider.id)
  assert.equal((await ask('GET', '/v1/providers?cursor=x')).body.code, 'providers.bad_cursor')
  const { body: presets } = await ask('GET', '/v1/provider-presets')
  assert.deepEqual(
    presets.data.map(({ preset }: { preset: string }) => preset),
    ['auth0', 'google', 'entra', 'okta', 'keycloak', 'oidc'],
  )
  await ask('DELETE', `/v1/providers/${made.id}`)
})

test('that a client secret runs out is told once 30 and once 7 days before, and again for the next one', async () => {
  const day = 24 * 3_600_000
  const at = (days: number) => new Date(rig.clock.now().getTime() + days * day).toISOString()
  const { body: made } = await ask('POST', '/v1/providers', { ...ours(), client_secret_expires_at: at(40) })
  const job = rig.providers.jobs.find(({ name }) => name === 'tell of client secrets that run out')!
  const told = async () => {
    await Promise.all([job.run(), job.run()])
    const rows = await rig.db.many<{ facts: { days: number } }>(sql`
      select facts from signals.signal where kind = 'provider.secret_expires' and subject = ${made.id} order by id`)
    return rows.map(({ facts }) => facts.days)
  }
  assert.deepEqual(await told(), [])
  rig.clock.advance(11 * day)
  assert.deepEqual(await told(), [30])
  rig.clock.advance(23 * day)
  assert.deepEqual(await told(), [30, 7])
  await ask('PATCH', `/v1/providers/${made.id}`, { client_secret: 'next', client_secret_expires_at: at(20) })
  assert.deepEqual(await told(), [30, 7, 30])
  await ask('DELETE', `/v1/providers/${made.id}`)
})

test('a key that only a stale set took away is good again when a person says so, in every process', async () => {
  await using own = await openProviderRig()
  await using api = await openTestServer(own.providers.routes)
  const other = await own.beside()
  const lookAgain = async () => {
    own.clock.advance(6 * 60_000)
    await own.providers.jobs.find(({ name }) => name === 'fetch documents of providers')!.run()
  }
  const headers = { 'content-type': 'application/json' }
  const stale = await (await fetch(`${own.oidc.issuer}/jwks`)).text()
  await own.oidc.order({ do: 'rotate-keys', overlap: true })
  assert.equal((await own.signIn()).outcome, 'proved')
  await own.behave({ answers: { keys: { status: 200, headers, body: stale } } })
  await lookAgain()
  await own.behave({ answers: {} })
  await lookAgain()
  assert.deepEqual(await own.signIn(), { outcome: 'refused', code: 'withdrawn_key' })

  const path = `/v1/providers/${own.provider.id}`
  const { data } = JSON.parse((await api.ask(`${path}/keys`)).text) as {
    data: { thumbprint: string; withdrawn_at: string | null }[]
  }
  const gone = data.filter(({ withdrawn_at }) => withdrawn_at !== null)
  assert.equal(gone.length, 1)
  const say = (thumbprint: string) =>
    api.ask(`${path}/key-reinstatements`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ thumbprint, reason: 'The provider says that it is theirs' }),
    })
  assert.equal((await say('another')).status, 404)
  assert.equal((await say(gone[0]!.thumbprint)).status, 204)
  assert.equal((await own.signIn()).outcome, 'proved')
  await other.reload()
  assert.equal((await own.signIn('ana', other)).outcome, 'proved')
})
