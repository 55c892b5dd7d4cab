import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:https'
import { test } from 'node:test'
import { setDefaultCACertificates } from 'node:tls'
import * as client from 'openid-client'
import { type CertificateOptions, makeCertificateAuthority, startToxicProxy } from '../index.ts'
import {
  type Behaviour,
  invalidGrant,
  keysEmpty,
  type Lie,
  lies,
  type OidcProvider,
  startOidcProvider,
  tooManyRequests,
  walkThrough,
} from './index.ts'

const ana = { sub: 'ana', email: 'ana@acme.test', email_verified: true, tid: 'tenant-1' }
const redirectUri = 'http://127.0.0.1:9/callback'
const party = { client_id: 'holdfast', client_secret: 'a-secret-of-a-test', redirect_uris: [redirectUri] }
const settings = { people: [ana], clients: [party] }

test('a relying party signs a person in by code and PKCE, with everything checked', async () => {
  await using provider = await startOidcProvider(settings)
  const { claims, userinfo } = await signIn(provider)
  assert.equal(claims.sub, 'ana')
  assert.equal(claims.tid, 'tenant-1')
  assert.equal(userinfo.email, 'ana@acme.test')
  assert.equal((await provider.order({ do: 'tell' })).requests.token, 1)
})

/** What openid-client says of each, so that it is refused for its own reason and no other. */
const reasons: Record<Lie, RegExp> = {
  'wrong-issuer': /unexpected JWT "iss"/,
  'wrong-audience': /unexpected JWT "aud"/,
  'wrong-nonce': /unexpected ID Token "nonce"/,
  'wrong-subject': /body "sub" property/,
  'missing-issuer': /"iss" \(issuer\) claim missing/,
  'missing-audience': /"aud" \(audience\) claim missing/,
  'missing-subject': /"sub" \(subject\) claim missing/,
  'missing-expiry': /"exp" \(expiration time\) claim missing/,
  'missing-issued-at': /"iat" \(issued at\) claim missing/,
  'missing-nonce': /"nonce" \(nonce\) claim missing/,
  'missing-id-token': /"id_token" property must be/,
  'bad-signature': /signature verification failed/,
  'algorithm-none': /unexpected JWT "alg"/,
  'algorithm-confusion': /unexpected JWT "alg"/,
  'unknown-key': /no applicable keys found/,
  'key-confusion': /signature verification failed/,
  'userinfo-wrong-subject': /body "sub" property/,
  'callback-wrong-issuer': /unexpected "iss" \(issuer\) response parameter/,
}

test('without a hint there is a form: a posted person is signed in, an unknown one is refused', async () => {
  await using provider = await startOidcProvider(settings)
  const byForm = async (sub: string) => {
    const { started, finish } = await begin(provider)
    return { callback: await walkThrough(started, redirectUri, sub), finish }
  }
  const { callback, finish } = await byForm('ana')
  assert.equal((await finish(callback)).claims.sub, 'ana')
  assert.equal((await byForm('nobody')).callback.searchParams.get('error'), 'access_denied')
})

test('a relying party refuses every lie for its own reason, and believes the provider when it stops', async () => {
  await using provider = await startOidcProvider(settings)
  for (const lie of lies) {
    await behave(provider, { lie })
    await assert.rejects(signIn(provider), (error: Error) => {
      const { message } = (error.cause ?? error) as Error
      assert.match(message, reasons[lie], lie)
      return true
    })
  }
  await behave(provider, { lie: null })
  assert.equal((await signIn(provider)).claims.sub, 'ana')
})

test('keys rotate with overlap and without, and are withdrawn: a client sees them in the key set and in what is signed', async () => {
  await using provider = await startOidcProvider(settings)
  const [first] = (await provider.order({ do: 'tell' })).kids
  const overlapping = await provider.order({ do: 'rotate-keys', overlap: true })
  assert.deepEqual(await kidsShown(provider), overlapping.kids)
  assert.equal(overlapping.kids[1], first)
  assert.equal((await signIn(provider)).kid, overlapping.kids[0])
  const withdrawn = await provider.order({ do: 'withdraw-key', kid: first! })
  assert.deepEqual(await kidsShown(provider), withdrawn.kids)
  assert.equal(withdrawn.kids.includes(first!), false)
  const sudden = await provider.order({ do: 'rotate-keys', overlap: false })
  assert.equal(sudden.kids.length, 1)
  assert.notEqual(sudden.kids[0], overlapping.kids[0])
  assert.equal((await signIn(provider)).kid, sudden.kids[0])
})

test('a client sees an empty key set, invalid_grant, 429 with Retry-After, and HTML for discovery', async () => {
  await using provider = await startOidcProvider(settings)
  const refused = async (answers: Behaviour['answers'], expected: object) => {
    await behave(provider, { answers })
    await assert.rejects(signIn(provider), expected)
  }
  await refused({ keys: keysEmpty }, { code: 'OAUTH_KEY_SELECTION_FAILED' })
  await refused({ token: invalidGrant }, { error: 'invalid_grant', status: 400 })
  await refused({ discovery: { status: 200, body: '<!doctype html>' } }, { code: 'OAUTH_RESPONSE_IS_NOT_JSON' })
  await refused({ token: tooManyRequests(30) }, { status: 429 })
  const limited = await fetch(`${provider.issuer}/token`, { method: 'POST' })
  assert.equal(limited.headers.get('retry-after'), '30')
})

test('a clock that is behind makes tokens of the past, one that is ahead tokens of the future, and Date agrees', async () => {
  await using provider = await startOidcProvider(settings)
  await behave(provider, { clockAheadSeconds: -3600 })
  await assert.rejects(signIn(provider), { code: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' })
  await behave(provider, { clockAheadSeconds: 3600 })
  // openid-client takes it: whoever minds has to look at iat.
  const { claims } = await signIn(provider)
  assert.ok(claims.iat > Date.now() / 1000 + 3000)
  const { headers } = await fetch(`${provider.issuer}/jwks`)
  assert.ok(Date.parse(headers.get('date')!) > Date.now() + 3_000_000)
})

test('over https its certificate can be exchanged while it runs', async () => {
  const authority = makeCertificateAuthority()
  const hosts = ['127.0.0.1']
  await using provider = await startOidcProvider({ ...settings, certificate: authority.issue({ hosts }) })
  setDefaultCACertificates([authority.cert])
  assert.equal((await signIn(provider)).claims.iss, provider.issuer)
  const seen = async (options: CertificateOptions) => {
    await provider.order({ do: 'use-certificate', certificate: authority.issue(options) })
    const asking = get(`${provider.issuer}/jwks`, { ca: authority.cert, agent: false })
    return once(asking, 'response').then(
      () => 'taken',
      (error: NodeJS.ErrnoException) => error.code,
    )
  }
  const anHourAgo = new Date(Date.now() - 3_600_000)
  assert.equal(await seen({ hosts, until: anHourAgo }), 'CERT_HAS_EXPIRED')
  assert.equal(await seen({ hosts: ['elsewhere.test'] }), 'ERR_TLS_CERT_ALTNAME_INVALID')
})

test('behind a proxy it goes by the address of the proxy', async () => {
  await using proxy = await startToxicProxy()
  await using provider = await startOidcProvider({ ...settings, issuer: `http://127.0.0.1:${proxy.port}` })
  proxy.upstreamPort = provider.port
  assert.equal((await signIn(provider)).claims.iss, `http://127.0.0.1:${proxy.port}`)
  await proxy.set({ kind: 'answer', status: 503, body: 'down' })
  await assert.rejects(signIn(provider))
})

test('stopped, nobody listens; started again it has the same address and clients, and other keys', async () => {
  await using provider = await startOidcProvider(settings)
  const { kids } = await provider.order({ do: 'tell' })
  await provider.stop()
  await provider.stop()
  await assert.rejects(fetch(`${provider.issuer}/jwks`), ({ cause }) => cause.code === 'ECONNREFUSED')
  await provider.startAgain()
  const after = await provider.order({ do: 'tell' })
  assert.equal(
    after.kids.some((kid) => kids.includes(kid)),
    false,
  )
  assert.equal((await signIn(provider)).claims.sub, 'ana')
})

const behave = (provider: OidcProvider, behaviour: Partial<Behaviour>) => provider.order({ do: 'behave', behaviour })

async function kidsShown({ issuer }: OidcProvider): Promise<string[]> {
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: { kid: string }[] }
  return keys.map(({ kid }) => kid)
}

async function signIn(provider: OidcProvider) {
  const { started, finish } = await begin(provider, 'ana@acme.test')
  return finish(await walkThrough(started, redirectUri))
}

async function begin({ issuer }: OidcProvider, hint?: string) {
  const config = await client.discovery(new URL(issuer), party.client_id, party.client_secret, undefined, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })
  const [pkceCodeVerifier, expectedNonce, expectedState] = [
    client.randomPKCECodeVerifier(),
    client.randomNonce(),
    client.randomState(),
  ]
  const started = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid email',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    nonce: expectedNonce,
    state: expectedState,
    ...(hint ? { login_hint: hint } : {}),
  })
  const finish = async (callback: URL) => {
    const tokens = await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier,
      expectedNonce,
      expectedState,
      idTokenExpected: true,
    })
    const claims = tokens.claims()!
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
    const header = JSON.parse(Buffer.from(tokens.id_token!.split('.')[0]!, 'base64url').toString()) as { kid: string }
    return { claims, userinfo, kid: header.kid }
  }
  return { started, finish }
}
