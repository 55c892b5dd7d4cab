import { isShared } from '../documents/index.ts'
import type { Preset } from '../provider.ts'
import { refuse } from '../refusals.ts'

/** What the form of a preset asks, and what people have to do on the other side. */
export interface PresetForm {
  name: string
  /** Of these the issuer is made; `issuer` itself where it cannot be guessed. */
  fields: readonly ('domain' | 'tenant' | 'realm_url' | 'issuer')[]
  scopes: readonly string[]
  hint: string
}

const ORDINARY = ['openid', 'email', 'profile'] as const

export const presetForms: Readonly<Record<Preset, PresetForm>> = {
  auth0: {
    name: 'Auth0',
    fields: ['domain'],
    scopes: ORDINARY,
    hint: 'Make a "Regular Web Application" and enter the callback URL under "Allowed Callback URLs". The domain is the one of your tenant, or your custom domain. Allow "Refresh Token" and add the scope offline_access, and people who are removed there are noticed here.',
  },
  google: {
    name: 'Google',
    fields: [],
    scopes: ORDINARY,
    hint: 'Make an OAuth client of the type "Web application" in the Google Cloud console and enter the callback URL under "Authorised redirect URIs". Choose "Internal" for people of your own Workspace alone. Turn on "Session age claims" in the advanced settings, or no sign-in through it counts as fresh.',
  },
  entra: {
    name: 'Microsoft Entra ID',
    fields: ['tenant'],
    scopes: ORDINARY,
    hint: 'Register an application with a redirect URI of the type "Web". The tenant is its "Directory (tenant) ID". For several tenants write "organizations" and list those that may come in. Client secrets there run out after two years at the latest: enter the date. Ask for the optional claims auth_time, without which no sign-in through it counts as fresh, and xms_edov if addresses shall count as proven.',
  },
  okta: {
    name: 'Okta',
    fields: ['domain'],
    scopes: ORDINARY,
    hint: 'Make an "OIDC – Web Application" and enter the callback URL under "Sign-in redirect URIs". The domain is your Okta domain, such as acme.okta.com; for a custom authorization server choose "OpenID Connect" instead and enter its issuer.',
  },
  keycloak: {
    name: 'Keycloak',
    fields: ['realm_url'],
    scopes: ORDINARY,
    hint: 'Make a client with "Client authentication" on and enter the callback URL under "Valid redirect URIs". The realm URL is https://<host>/realms/<realm>. It has to be reachable over the internet by https.',
  },
  oidc: {
    name: 'OpenID Connect',
    fields: ['issuer'],
    scopes: ORDINARY,
    hint: 'The issuer is the address before /.well-known/openid-configuration, letter by letter as that document says it.',
  },
}

export interface IssuerFields {
  issuer?: string | undefined
  domain?: string | undefined
  tenant?: string | undefined
  realm_url?: string | undefined
}

const GOOGLE = 'https://accounts.google.com'
const ENTRA = 'https://login.microsoftonline.com'
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/
const ISSUER_MAX = 500

/** The issuer of what the form asks. One that is given whole holds for every preset: there are sovereign clouds and custom domains. */
export function issuerOf(preset: Preset, fields: IssuerFields): string {
  return checkedIssuer(fields.issuer?.trim() || made(preset, fields))
}

function made(preset: Preset, { domain, tenant, realm_url }: IssuerFields): string {
  if (preset === 'google') return GOOGLE
  if (preset === 'auth0') return `https://${host(domain, 'acme.eu.auth0.com')}/`
  if (preset === 'okta') return `https://${host(domain, 'acme.okta.com')}`
  if (preset === 'entra') return `${ENTRA}/${tenantOf(tenant)}/v2.0`
  if (preset === 'keycloak' && realm_url) return realm_url.trim().replace(/\/$/, '')
  const field = preset === 'keycloak' ? 'realm_url' : 'issuer'
  throw refuse('bad_field', { field, says: presetForms[preset].hint })
}

function host(given: string | undefined, example: string): string {
  const name = (given ?? '')
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '')
  if (HOST.test(name)) return name
  throw refuse('bad_field', { field: 'domain', says: `Give a host name such as ${example}.` })
}

function tenantOf(given: string | undefined): string {
  const tenant = (given ?? '').trim().toLowerCase()
  if (tenant === 'common' || tenant === 'organizations' || UUID.test(tenant)) return tenant
  throw refuse('bad_field', { field: 'tenant', says: 'Give the "Directory (tenant) ID", a UUID, or "organizations".' })
}

/** OpenID Connect Discovery 1.0 §2: https, and neither query nor fragment. Kept as it is written. */
function checkedIssuer(issuer: string): string {
  const url = URL.parse(issuer)
  const no = (why: string) => refuse('bad_issuer', { issuer: issuer.slice(0, ISSUER_MAX), why })
  if (!url || issuer.length > ISSUER_MAX || /[\s\\]/.test(issuer)) throw no('it is not a URL')
  if (url.protocol !== 'https:') throw no('it does not begin with https://')
  if (url.username || url.password) throw no('a name or a password stands in it')
  if (/[?#]/.test(issuer)) throw no('a question mark or # stands in it')
  if (issuer.includes('/.well-known/')) throw no('it is the address of the discovery document, and not the issuer')
  return issuer
}

/** Microsoft's own tenant of private accounts is one like any other. */
export function tenantsOf(preset: Preset, issuer: string, given: readonly string[]): string[] {
  const tenants = [...new Set(given.map((each) => each.trim().toLowerCase()))]
  const bad = tenants.find((each) => !UUID.test(each))
  if (bad !== undefined) throw refuse('bad_tenant', { tenant: bad.slice(0, 80) })
  if (isShared({ preset, issuer }) && tenants.length === 0) {
    throw refuse('tenants_needed', { tenant: issuer.includes('/common') ? 'common' : 'organizations' })
  }
  return tenants
}

export function domainsOf(given: readonly string[]): string[] {
  const domains = [...new Set(given.map((each) => each.trim().toLowerCase().replace(/^@/, '')))]
  const bad = domains.find((each) => !HOST.test(each))
  if (bad !== undefined) throw refuse('bad_domain', { domain: bad.slice(0, 80) })
  return domains
}
