import { randomBytes } from 'node:crypto'
import * as client from 'openid-client'
import type { Discovery } from '../documents/index.ts'
import { EgressFault } from '../egress/index.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import { configurationOf } from './configuration.ts'
import { openTransport } from './transport.ts'

/**
 * Shows the token endpoint who we are, with a code that nobody has: "invalid_grant" means that it knew us. RFC 6749 does not
 * say which of two faults is told first, so that everything but "invalid_client" is no more than not known.
 */
export async function tryClient(parts: Parts, provider: Provider, discovery: Discovery): Promise<string> {
  const { fetch } = openTransport(parts, provider, discovery)
  const configuration = configurationOf(parts, provider, { discovery, issuer: discovery.issuer, fetch })
  const state = client.randomState()
  const callback = new URL(parts.callbackUrl(provider.id))
  callback.search = new URLSearchParams({
    code: randomBytes(24).toString('hex'),
    state,
    iss: discovery.issuer,
  }).toString()
  const checks = { expectedState: state, pkceCodeVerifier: client.randomPKCECodeVerifier() }
  const error = await client.authorizationCodeGrant(configuration, callback, checks).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof EgressFault) throw each
  const said = wordOf(error)
  if (said === 'invalid_client' || said === 'unauthorized_client') {
    throw new EgressFault('status-4xx', `the token endpoint said ${said}: check the client id and the secret`)
  }
  if (said === 'invalid_grant') return 'the token endpoint knows this client and its secret'
  return `the token endpoint said ${said}; whether it knows the secret is seen at the first sign-in`
}

function wordOf(error: unknown): string {
  if (error instanceof client.WWWAuthenticateChallengeError) return 'invalid_client'
  if (error instanceof client.ResponseBodyError) return error.error.replace(/[^a-z_]/g, '').slice(0, 40)
  return 'something else'
}
