import { EgressFault } from '../egress/index.ts'
import type { Provider } from '../provider.ts'

/** What a provider publishes of itself (OpenID Connect Discovery 1.0 §3), as far as anybody here reads it. */
export interface Discovery {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  jwks_uri: string
  userinfo_endpoint?: string
  id_token_signing_alg_values_supported?: string[]
  token_endpoint_auth_methods_supported?: string[]
  authorization_response_iss_parameter_supported?: boolean
  [other: string]: unknown
}

/** Where Entra answers for everybody, and what it then writes in place of the tenant. */
export const ENTRA_SHARED = /\/(?:common|organizations)(?=\/|$)/
export const TENANT_PLACE = '{tenantid}'

export const isShared = ({ preset, issuer }: Pick<Provider, 'preset' | 'issuer'>) =>
  preset === 'entra' && ENTRA_SHARED.test(issuer)

/** As the document has to say it, letter by letter. */
export function expectedIssuer(provider: Pick<Provider, 'preset' | 'issuer'>): string {
  return isShared(provider) ? provider.issuer.replace(ENTRA_SHARED, `/${TENANT_PLACE}`) : provider.issuer
}

/** As the tokens of its people name it: at Entra's shared address the issuer of each tenant that may come in. */
export function issuersOf(provider: Pick<Provider, 'preset' | 'issuer' | 'tenants'>): string[] {
  if (!isShared(provider)) return [provider.issuer]
  return provider.tenants.map((tenant) => provider.issuer.replace(ENTRA_SHARED, `/${tenant}`))
}

export const discoveryUrl = (issuer: string) => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const

/** Only what can be used takes the place of the last one. */
export function judgeDiscovery(
  body: Record<string, unknown>,
  provider: Pick<Provider, 'preset' | 'issuer'>,
): Discovery {
  judgeIssuer(body, provider)
  judgeEndpoints(body)
  const algorithms = body.id_token_signing_alg_values_supported
  if (algorithms !== undefined && !isTexts(algorithms))
    throw new EgressFault('malformed', 'its list of algorithms is none')
  return body as Discovery
}

/** OpenID Connect Discovery 1.0 §4.3: otherwise one provider could speak for another. */
export function judgeIssuer(body: Record<string, unknown>, provider: Pick<Provider, 'preset' | 'issuer'>): string {
  const expected = expectedIssuer(provider)
  if (body.issuer === expected) return expected
  throw new EgressFault('malformed', `its discovery document names another issuer than ${expected}`)
}

export function judgeEndpoints(body: Record<string, unknown>): void {
  for (const name of ENDPOINTS) checkEndpoint(name, body[name])
  if (body.userinfo_endpoint !== undefined) checkEndpoint('userinfo_endpoint', body.userinfo_endpoint)
}

function checkEndpoint(name: string, value: unknown): void {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (url?.protocol === 'https:' && !url.username && !url.password && !url.hash) return
  throw new EgressFault('malformed', `the ${name} of its discovery document is no https address`)
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
