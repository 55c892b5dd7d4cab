import * as client from 'openid-client'
import { systemClock } from '../../../platform/clock.ts'
import type { Discovery } from '../documents/index.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'

/** Signatures by a key pair alone: with `none` and `HS…` anybody, or whoever knows the client secret, could sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** What clocks may differ by, either way. */
export const CLOCK_TOLERANCE_S = 60
/** Each call has a shorter deadline of its own; this is what the library would wait. */
const LIBRARY_S = 15

export interface Asking {
  discovery: Discovery
  /** As tokens have to say it. */
  issuer: string
  fetch: client.CustomFetch
}

/** A client of the provider as it is known now, which asks nothing by itself and nobody but through our way out. */
export function configurationOf(
  parts: Parts,
  provider: Provider,
  { discovery, issuer, fetch }: Asking,
): client.Configuration {
  const said = discovery.id_token_signing_alg_values_supported ?? ['RS256']
  const server: client.ServerMetadata = {
    ...(discovery as client.ServerMetadata),
    issuer,
    id_token_signing_alg_values_supported: said.filter((each) => ALGORITHMS.includes(each)),
  }
  // The library asks the machine for the time; ours may be another one in a test.
  const skewS = Math.round((parts.clock.now().getTime() - systemClock.now().getTime()) / 1000)
  const metadata = { [client.clockSkew]: skewS, [client.clockTolerance]: CLOCK_TOLERANCE_S }
  const configuration = new client.Configuration(
    server,
    provider.client_id,
    metadata,
    authenticationOf(parts, provider),
  )
  configuration[client.customFetch] = fetch
  configuration.timeout = LIBRARY_S
  client.enableNonRepudiationChecks(configuration)
  return configuration
}

function authenticationOf(parts: Parts, provider: Provider): client.ClientAuth {
  const secret = parts.known.secretOf(provider.id)
  if (provider.token_endpoint_auth === 'none' || secret === null) return client.None()
  return provider.token_endpoint_auth === 'client_secret_post'
    ? client.ClientSecretPost(secret)
    : client.ClientSecretBasic(secret)
}
