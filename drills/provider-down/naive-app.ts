/**
 * The naive arm: what the READMEs of openid-client and jose say, and nothing else. Whoever comes is sent to the provider of their
 * company; the id_token is the session, and each request is let in by verifying it with `createRemoteJWKSet`.
 */
import { randomUUID } from 'node:crypto'
import express from 'express'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'

interface Tenant {
  issuer: string
  clientId: string
  clientSecret: string
  /** Of its keys; left at the default but for one, for which time is scaled. */
  cacheMaxAge?: number
}

const tenants = JSON.parse(process.env.NAIVE_TENANTS!) as Record<string, Tenant>
const origin = process.env.NAIVE_ORIGIN!
const configurations = new Map<string, client.Configuration>()
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>()
const pending = new Map<string, { tenant: string; codeVerifier: string; nonce: string }>()
/** Of the last sign-ins that never came back. */
const PENDING_MAX = 10_000

/** Once for each company, as soon as the first of its people comes. */
async function configurationOf(key: string): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret } = tenants[key]!
  const known = configurations.get(key)
  if (known) return known
  const found = await client.discovery(new URL(issuer), clientId, clientSecret)
  configurations.set(key, found)
  return found
}

async function verify(key: string, token: string) {
  const configuration = await configurationOf(key)
  const { jwks_uri, issuer } = configuration.serverMetadata()
  const { cacheMaxAge, clientId } = tenants[key]!
  const known = keySets.get(key)
  const keys = known ?? createRemoteJWKSet(new URL(jwks_uri!), cacheMaxAge === undefined ? {} : { cacheMaxAge })
  keySets.set(key, keys)
  const { payload } = await jwtVerify(token, keys, { issuer, audience: clientId })
  return payload
}

const app = express()
app.get('/healthz', (_request, reply) => {
  reply.send('ok')
})

app.get('/sign-in/:tenant', async (request, reply) => {
  const tenant = request.params.tenant
  const configuration = await configurationOf(tenant)
  const [codeVerifier, state, nonce] = [client.randomPKCECodeVerifier(), randomUUID(), randomUUID()]
  if (pending.size >= PENDING_MAX) pending.clear()
  pending.set(state, { tenant, codeVerifier, nonce })
  const to = client.buildAuthorizationUrl(configuration, {
    redirect_uri: `${origin}/callback`,
    scope: 'openid email profile',
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  reply.redirect(to.href)
})

app.get('/callback', async (request, reply) => {
  const state = String(request.query.state)
  const left = pending.get(state)
  if (!left) return void reply.status(400).json({ error: 'unknown state' })
  pending.delete(state)
  const configuration = await configurationOf(left.tenant)
  const tokens = await client.authorizationCodeGrant(configuration, new URL(request.originalUrl, origin), {
    pkceCodeVerifier: left.codeVerifier,
    expectedState: state,
    expectedNonce: left.nonce,
  })
  const { sub } = await verify(left.tenant, tokens.id_token!)
  reply.cookie('session', `${left.tenant}:${tokens.id_token}`, { httpOnly: true }).json({ sub })
})

app.get('/whoami', async (request, reply) => {
  const session = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  const [tenant, token] = decodeURIComponent(session ?? '').split(/:(.*)/s)
  if (!tenant || !token) return void reply.status(401).json({ error: 'not signed in' })
  try {
    reply.json({ sub: (await verify(tenant, token)).sub })
  } catch (error) {
    reply
      .clearCookie('session')
      .status(401)
      .json({ error: (error as { code?: string }).code ?? 'not signed in' })
  }
})

app.listen(Number(process.env.NAIVE_PORT), '127.0.0.1')
