import type { Preset, Provider } from '../api/wire/providers.ts'
import { issuerOf, partsOf, presetWords, takesAnyTenant } from './presets.ts'

const NAME_MAX = 60

export interface ProviderValues {
  preset: Preset
  name: string
  host: string
  tenant: string
  realm: string
  issuer: string
  client_id: string
  client_secret: string
  /** `2027-03-01`, as a field for dates has it; empty: not known. */
  client_secret_expires_at: string
  domains: string[]
  tenants: string[]
  trusts_email: boolean
  trusts_factors: boolean
  token_endpoint_auth: Provider['token_endpoint_auth']
  scopes: string[]
  keys_good_for_ms: number
}

const DAY_MS = 24 * 60 * 60_000
/** Asked for beside who somebody is: with it, it is noticed here when somebody was removed there. */
export const OFFLINE = 'offline_access'
const USUAL_SCOPES = ['openid', 'email', 'profile']

/** Of a provider that is there; its secret is never told, and left as it is when the field stays empty. */
export function valuesOf(provider: Provider | null): ProviderValues {
  const { preset = 'auth0', name = '', issuer = '' } = provider ?? {}
  return {
    ...partsOf(preset, issuer),
    preset,
    name,
    client_id: provider?.client_id ?? '',
    client_secret: '',
    client_secret_expires_at: provider?.client_secret_expires_at?.slice(0, 10) ?? '',
    domains: provider?.domains ?? [],
    tenants: provider?.tenants ?? [],
    trusts_email: provider?.trusts_email ?? false,
    trusts_factors: provider?.trusts_factors ?? false,
    token_endpoint_auth: provider?.token_endpoint_auth ?? 'client_secret_basic',
    scopes: provider?.scopes ?? USUAL_SCOPES,
    keys_good_for_ms: provider?.keys_good_for_ms ?? DAY_MS,
  }
}

/** Refusals of access that belong to one of these fields. */
export const refusedAt: Record<string, keyof ProviderValues> = {
  'providers.bad_name': 'name',
  'providers.bad_issuer': 'issuer',
  'providers.bad_domain': 'domains',
  'providers.domain_taken': 'domains',
  'providers.bad_tenant': 'tenants',
  'providers.tenants_needed': 'tenants',
  'providers.secret_needed': 'client_secret',
  'providers.taken': 'client_id',
  'providers.issuer_in_use': 'issuer',
}

const DOMAIN = /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/

export const wrongInNew = (values: ProviderValues) => wrongIn(values, true)

export function wrongIn(values: ProviderValues, isNew = false): Partial<Record<keyof ProviderValues, string>> {
  const { preset, name, host, tenant, realm, issuer, client_id, domains, tenants, token_endpoint_auth } = values
  const { asks } = presetWords[preset]
  const bad = domains.find((domain) => !DOMAIN.test(domain))
  return {
    ...(name.trim() === '' && { name: 'Write what people know it by: it stands on the button.' }),
    ...(name.trim().length > NAME_MAX && { name: `Use at most ${NAME_MAX} characters.` }),
    ...(asks.includes('host') && !isHost(host) && { host: 'Write the host alone, such as acme.example.' }),
    ...(asks.includes('realm') && realm.trim() === '' && { realm: 'Write the name of the realm.' }),
    ...(asks.includes('tenant') && tenant.trim() === '' && { tenant: 'Write the directory (tenant) id.' }),
    ...(asks.includes('issuer') && !isIssuer(issuer) && { issuer: 'Begin with https://, as its discovery has it.' }),
    ...(client_id.trim() === '' && { client_id: 'Write the id that it gave to Holdfast.' }),
    ...(isNew &&
      token_endpoint_auth !== 'none' &&
      values.client_secret === '' && { client_secret: 'Write it, or choose below that there is none.' }),
    ...(bad && { domains: `“${bad}” is no domain. Write what stands after the @.` }),
    ...(preset === 'entra' &&
      takesAnyTenant(tenant) &&
      tenants.length === 0 && { tenants: 'Name the tenants that may come in: otherwise every company could.' }),
  }
}

const isHost = (host: string) => {
  const url = URL.parse(`https://${host.trim().replace(/^https:\/\//, '')}`)
  return host.trim() !== '' && url?.username === '' && url.search === '' && url.hostname.includes('.')
}
const isIssuer = (issuer: string) => URL.parse(issuer.trim())?.protocol === 'https:'

/** As access takes it, when one is made. */
export function bodyOf(values: ProviderValues) {
  const { preset, name, client_id, client_secret, client_secret_expires_at, ...rest } = values
  return {
    preset,
    name: name.trim(),
    issuer: issuerOf(values),
    client_id: client_id.trim(),
    ...(client_secret !== '' && { client_secret }),
    client_secret_expires_at: endOf(client_secret_expires_at),
    domains: rest.domains,
    tenants: preset === 'entra' ? rest.tenants : [],
    trusts_email: rest.trusts_email,
    trusts_factors: rest.trusts_factors,
    token_endpoint_auth: rest.token_endpoint_auth,
    scopes: rest.scopes,
    keys_good_for_ms: rest.keys_good_for_ms,
  }
}

/** What ends on a day is good until the day is over, in UTC. */
export function endOf(day: string): string | null {
  return day === '' ? null : new Date(`${day}T23:59:59Z`).toISOString()
}

/** What was not touched is not sent: others may have changed it meanwhile. */
export function changesOf(before: ProviderValues, values: ProviderValues) {
  const { preset: _, client_secret: __, ...was } = bodyOf(before)
  const { preset: ___, client_secret, ...is } = bodyOf(values)
  const changed = Object.entries(is).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name as keyof typeof was]),
  )
  return { ...Object.fromEntries(changed), ...(client_secret !== undefined && { client_secret }) }
}
