import * as client from 'openid-client'
import type { Departure } from '../open-providers.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import { refuse } from '../refusals.ts'
import { configurationOf } from './configuration.ts'

/** Somebody has clicked and waits: longer than this, another way is better. */
const FIRST_LOOK_MS = 1_500
/**
 * Asked of every sign-in: a provider that is asked for an age has to say when it last saw the person (OpenID Connect Core
 * §3.1.2.1), and few sessions of providers live longer.
 */
const AGE_ASKED_S = 30 * 24 * 60 * 60

export interface AskedOfDeparture {
  loginHint?: string | undefined
  maxAgeS?: number | undefined
  isSilent?: boolean
}

/** Makes the address that a browser is sent to, with everything that the callback is held against (RFC 9700, PKCE S256). */
export async function depart(parts: Parts, provider: Provider, asked: AskedOfDeparture): Promise<Departure> {
  const discovery = await discoveryOf(parts, provider)
  if (!discovery) throw refuse('not_known_yet', { provider: provider.name })
  const fetch = () => Promise.reject(new Error('nothing is asked on the way out'))
  const configuration = configurationOf(parts, provider, { discovery, issuer: discovery.issuer, fetch })
  const codeVerifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: parts.callbackUrl(provider.id),
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...scopesFor(provider),
    ...(asked.loginHint !== undefined && { login_hint: asked.loginHint }),
    max_age: String(asked.maxAgeS ?? AGE_ASKED_S),
    ...promptFor(provider, asked),
  })
  return { url: url.href, state, nonce, codeVerifier, ...(asked.maxAgeS !== undefined && { maxAgeS: asked.maxAgeS }) }
}

async function discoveryOf(parts: Parts, provider: Provider) {
  const { documents } = parts
  const known = documents.discovery(provider)
  if (known) return known
  await documents.look(provider, 'discovery', FIRST_LOOK_MS)
  return documents.discovery(provider)
}

/** Some take an age of nothing for no age: whoever has to show anew who they are is asked for in both ways. Google knows one. */
function promptFor({ preset }: Provider, { isSilent, maxAgeS }: AskedOfDeparture): Record<string, string> {
  if (isSilent) return { prompt: 'none' }
  return maxAgeS === 0 && preset !== 'google' ? { prompt: 'login' } : {}
}

/** Google knows no `offline_access`: what others ask by that scope, it is asked by a parameter. */
function scopesFor({ preset, scopes }: Provider): Record<string, string> {
  if (preset !== 'google' || !scopes.includes('offline_access')) return { scope: scopes.join(' ') }
  return { scope: scopes.filter((each) => each !== 'offline_access').join(' '), access_type: 'offline' }
}
