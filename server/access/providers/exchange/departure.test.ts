import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { invalidGrant } from '../../../../doubles/oidc/index.ts'
import { openProviderRig, type ProviderRig, somebody } from '../testing.ts'

let rig: ProviderRig
before(async () => {
  rig = await openProviderRig()
})
beforeEach(() => rig.behave({ answers: {}, lie: null }))
after(() => rig[Symbol.asyncDispose]())

test('whoever leaves takes PKCE, state, nonce and what was asked along, and nothing of it twice', async () => {
  const asked = { loginHint: 'ana@acme.test', maxAgeS: 0, isSilent: true }
  const { url, ...departure } = await rig.providers.depart(rig.provider, asked)
  const { origin, pathname, searchParams } = new URL(url)
  assert.equal(`${origin}${pathname}`, `${rig.oidc.issuer}/auth`)
  assert.deepEqual(Object.fromEntries(searchParams), {
    client_id: 'holdfast',
    response_type: 'code',
    redirect_uri: `https://id.acme.test/sign-in/callback/${rig.provider.id}`,
    scope: 'openid email profile',
    code_challenge: createHash('sha256').update(departure.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: departure.state,
    nonce: departure.nonce,
    login_hint: 'ana@acme.test',
    max_age: '0',
    prompt: 'none',
  })
  assert.equal(departure.maxAgeS, 0)
  const again = await rig.providers.depart(rig.provider, {})
  for (const name of ['state', 'nonce', 'codeVerifier'] as const) {
    assert.notEqual(again[name], departure[name])
    assert.ok(Buffer.from(departure[name], 'base64url').length >= 32, name)
  }
})

test('a silent departure of somebody who is not signed in there comes back as denied', async () => {
  const { url, ...departure } = await rig.providers.depart(rig.provider, { isSilent: true })
  const callbackUrl = await rig.walk(url)
  const exchanged = await rig.providers.exchange(rig.provider, { callbackUrl, departure, ...somebody() })
  assert.deepEqual(exchanged, { outcome: 'denied', error: 'login_required' })
})

test('when the person had to show anew who they are, a token that does not say when they did is refused', async () => {
  const come = async (asked: { maxAgeS?: number }) => {
    const { url, ...departure } = await rig.providers.depart(rig.provider, asked)
    const to = new URL(url)
    // As one that takes no notice of it.
    if (asked.maxAgeS === undefined) to.searchParams.delete('max_age')
    const callbackUrl = await rig.walk(to.href, 'ana')
    const told = { ...departure, maxAgeS: 300 }
    return rig.providers.exchange(rig.provider, { callbackUrl, departure: told, ...somebody() })
  }
  const proved = await come({ maxAgeS: 300 })
  assert.ok(proved.outcome === 'proved' && proved.identity.authenticated_at)
  assert.deepEqual(await come({}), { outcome: 'refused', code: 'missing_claim' })
})

test('the client secret is shown in the way that was set: in the header, or in the body', async () => {
  const { providers, oidc } = rig
  const client = {
    client_id: 'by-post',
    client_secret: 'a-secret-of-a-test',
    redirect_uris: [rig.callbackOf(rig.provider.id)],
  }
  await oidc.order({
    do: 'add-client',
    client: { ...client, token_endpoint_auth_method: 'client_secret_post' } as never,
  })
  const asked = { client_id: 'by-post', token_endpoint_auth: 'client_secret_post' as const }
  const provider = { ...rig.provider, ...asked }
  const { url, ...departure } = await providers.depart(provider, {})
  const callbackUrl = await rig.walk(url, 'ana')
  const exchanged = await providers.exchange(provider, { callbackUrl, departure, ...somebody() })
  assert.equal(exchanged.outcome, 'proved')
  assert.equal((await rig.signIn()).outcome, 'proved')
})

test('every departure has the provider say when it saw the person, and one for a fresh sign-in has it ask anew', async () => {
  const asked = async (provider: typeof rig.provider, asked: { maxAgeS?: number }) => {
    const { searchParams } = new URL((await rig.providers.depart(provider, asked)).url)
    return [searchParams.get('max_age'), searchParams.get('prompt')]
  }
  const month = String(30 * 24 * 3600)
  assert.deepEqual(await asked(rig.provider, {}), [month, null])
  assert.deepEqual(await asked(rig.provider, { maxAgeS: 0 }), ['0', 'login'])
  assert.deepEqual(await asked({ ...rig.provider, preset: 'google' }, { maxAgeS: 0 }), ['0', null])
  const came = await rig.signIn()
  assert.ok(came.outcome === 'proved' && came.identity.authenticated_at)
})

test('Google is asked for a refresh token by a parameter of its own', async () => {
  const provider = { ...rig.provider, preset: 'google' as const, scopes: ['openid', 'email', 'offline_access'] }
  const { searchParams } = new URL((await rig.providers.depart(provider, {})).url)
  assert.equal(searchParams.get('scope'), 'openid email')
  assert.equal(searchParams.get('access_type'), 'offline')
})

test('only invalid_grant says that somebody is gone; everything else is not known', async () => {
  const headers = { 'content-type': 'application/json' }
  const ask = () => rig.providers.askAgain(rig.provider, 'a-refresh-token')
  const said = { access_token: 'a', token_type: 'Bearer', refresh_token: 'the-next-one' }
  await rig.behave({ answers: { token: { status: 200, headers, body: JSON.stringify(said) } } })
  assert.deepEqual(await ask(), { outcome: 'there', refreshToken: 'the-next-one' })
  await rig.behave({ answers: { token: invalidGrant } })
  assert.deepEqual(await ask(), { outcome: 'gone' })
  const others = [
    { status: 503, body: 'down' },
    { status: 200, body: '<html>' },
    { status: 400, headers, body: '{"error":"invalid_client"}' },
    { status: 401, headers, body: '{"error":"unauthorized_client"}' },
    { status: 200, headers, body: '{}' },
    { status: 429, body: '' },
  ]
  for (const token of others) {
    assert.notEqual(rig.providers.asksLeft(rig.provider), 0)
    await rig.behave({ answers: { token } })
    assert.deepEqual(await ask(), { outcome: 'unknown' }, JSON.stringify(token))
  }
  // Whoever is asked too often is left alone: the next refusal would be somebody's sign-in.
  assert.equal(rig.providers.asksLeft(rig.provider), 0)
  await rig.behave({ answers: { token: invalidGrant } })
  assert.deepEqual(await ask(), { outcome: 'unknown' })
})
