/** Entra answers for everybody who has a Microsoft account; only tenants that are listed come in, as tenant and object. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { insertTestProvider, openProviderRig, ownAuthority, type ProviderRig, somebody } from '../testing.ts'
import type { Provider } from '../provider.ts'

const OURS = '11111111-2222-3333-4444-555555555555'
const OTHERS = '99999999-2222-3333-4444-555555555555'
const OBJECT = 'AAAAAAAA-0000-0000-0000-000000000001'

let rig: ProviderRig
let provider: Provider
let origin: string
let keys = await generateKeyPair('RS256')
const server = createServer(ownAuthority().issue({ hosts: ['127.0.0.1'] }), answer)
/** What the next id_token says, beside what all say; and how often one was asked for. */
const next = {
  claims: {} as Record<string, unknown>,
  nonce: '',
  asked: 0,
  userinfo: 0,
  change: (token: string) => token,
}

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  rig = await openProviderRig()
  provider = await insertTestProvider(
    { db: rig.db, providers: rig.providers, clock: rig.clock },
    { preset: 'entra', issuer: `${origin}/organizations/v2.0`, tenants: [OURS], client_id: 'entra-client' },
  )
})
after(async () => {
  await rig[Symbol.asyncDispose]()
  server.closeAllConnections()
  server.close()
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const json = (body: object) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (request.url!.endsWith('openid-configuration')) {
    return void json({
      issuer: `${origin}/{tenantid}/v2.0`,
      authorization_endpoint: `${origin}/organizations/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/organizations/oauth2/v2.0/token`,
      jwks_uri: `${origin}/keys`,
      userinfo_endpoint: `${origin}/userinfo`,
      id_token_signing_alg_values_supported: ['RS256'],
    })
  }
  if (request.url === '/keys')
    return void json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', use: 'sig' }] })
  if (request.url === '/userinfo') next.userinfo++
  next.asked++
  const now = Math.floor(rig.clock.now().getTime() / 1000)
  const token = await new SignJWT({
    nonce: next.nonce,
    sub: 'pairwise',
    iat: now,
    exp: now + 600,
    aud: 'entra-client',
    ...next.claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .sign(keys.privateKey)
  json({ access_token: 'access', token_type: 'Bearer', id_token: next.change(token) })
}

async function signIn(claims: Record<string, unknown>, asked: { maxAgeS?: number } = {}) {
  const { url: _, ...departure } = await rig.providers.depart(provider, asked)
  Object.assign(next, { nonce: departure.nonce, claims: { iss: `${origin}/${OURS}/v2.0`, ...claims } })
  const callbackUrl = new URL(rig.callbackOf(provider.id))
  callbackUrl.search = new URLSearchParams({ code: 'code', state: departure.state }).toString()
  return rig.providers.exchange(provider, { callbackUrl, departure, ...somebody() })
}

test('a person of a tenant that is listed is that tenant and that object, whatever the subject says', async () => {
  const asked = next.asked
  const proved = await signIn({ tid: OURS, oid: OBJECT, email: 'ana@acme.test', email_verified: true })
  assert.equal(proved.outcome, 'proved', JSON.stringify(proved))
  assert.deepEqual([next.asked, next.userinfo], [asked + 1, 0], 'its userinfo says nothing that is needed')
  const { identity } = proved as Extract<typeof proved, { outcome: 'proved' }>
  assert.equal(identity.subject, `${OURS}/${OBJECT.toLowerCase()}`)
  assert.equal(identity.issuer, `${origin}/${OURS}/v2.0`)
  // Any administrator of a tenant writes any address into it.
  assert.equal(identity.is_email_verified, false)
})

test('an address of Entra is verified when Microsoft says that its domain was proven', async () => {
  const proved = await signIn({ tid: OURS, oid: OBJECT, email: 'ana@acme.test', xms_edov: true })
  assert.equal(proved.outcome === 'proved' && proved.identity.is_email_verified, true)
})

test('another tenant is refused, and so is a token whose tenant and issuer are not the same', async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ tid: OTHERS, oid: OBJECT, iss: `${origin}/${OTHERS}/v2.0` }, 'tenant_not_allowed'],
    [{ tid: OTHERS, oid: OBJECT }, 'tenant_not_allowed'],
    [{ tid: OURS, oid: OBJECT, iss: `${origin}/${OTHERS}/v2.0` }, 'bad_issuer'],
    [{ tid: OURS, oid: OBJECT, iss: `${origin}/{tenantid}/v2.0` }, 'bad_issuer'],
    [{ tid: OURS }, 'missing_claim'],
    [{ tid: OURS, oid: OBJECT, iat: -1e300 }, 'issued_long_ago'],
    [{ tid: OURS, oid: OBJECT, aud: 'somebody-else' }, 'bad_audience'],
    [{ tid: OURS, oid: OBJECT, nonce: 'another' }, 'bad_nonce'],
  ]
  for (const [claims, code] of cases) assert.deepEqual(await signIn(claims), { outcome: 'refused', code }, code)
})

test('without a tenant in it, a token is refused', async () => {
  const refused = await signIn({ oid: OBJECT })
  assert.equal(refused.outcome, 'refused')
})

test('who showed who they are longer ago than was asked has to show it again', async () => {
  const ago = (seconds: number) => ({
    tid: OURS,
    oid: OBJECT,
    auth_time: Math.floor(rig.clock.now().getTime() / 1000) - seconds,
  })
  assert.equal((await signIn(ago(60), { maxAgeS: 300 })).outcome, 'proved')
  const refused = { outcome: 'refused', code: 'authenticated_too_long_ago' }
  assert.deepEqual(await signIn(ago(600), { maxAgeS: 300 }), refused)
})

test('a key that is exchanged under the same name is looked for once, and the person comes in', async () => {
  keys = await generateKeyPair('RS256')
  assert.equal((await signIn({ tid: OURS, oid: OBJECT })).outcome, 'proved')
})

test('a signature that is none is refused, and nobody is fresher than the token that says so', async () => {
  for (const change of [
    (token: string) => `${token}!!`,
    (token: string) => token.slice(0, token.lastIndexOf('.') + 1),
  ]) {
    next.change = change
    assert.equal((await signIn({ tid: OURS, oid: OBJECT })).outcome, 'refused')
  }
  next.change = (token) => token
  const future = await signIn({ tid: OURS, oid: OBJECT, auth_time: 1e300 })
  assert.ok(future.outcome === 'proved' && future.identity.authenticated_at! <= rig.clock.now())
})
