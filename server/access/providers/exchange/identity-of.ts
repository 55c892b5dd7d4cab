import type { IDToken, UserInfoResponse } from 'openid-client'
import type { Provider, ProvenIdentity } from '../provider.ts'
import { ExchangeRefused } from './refused.ts'

/** OpenID Connect Core §2: at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/
const EMAIL_MAX = 254
const NAME_MAX = 200
const URL_MAX = 2_000
const WORDS_MAX = 20

type Claims = Record<string, unknown>

export interface Proven {
  claims: IDToken
  userinfo: UserInfoResponse | undefined
  refreshToken: string | undefined
}

/** Who it is, of claims that were checked. */
export function identityOf(provider: Provider, { claims, userinfo, refreshToken }: Proven): ProvenIdentity {
  const told = provider.preset === 'entra' ? undefined : withAddress(claims, userinfo)
  const email = text((told ?? claims).email, EMAIL_MAX) ?? text(userinfo?.email, EMAIL_MAX)
  return {
    provider_id: provider.id,
    issuer: claims.iss,
    subject: provider.preset === 'entra' ? entraSubject(provider, claims) : subjectOf(claims.sub),
    email,
    is_email_verified: email !== null && (told ? told.email_verified === true : isEntraVerified(claims)),
    hosted_domain: provider.preset === 'google' ? (text(claims.hd, EMAIL_MAX)?.toLowerCase() ?? null) : null,
    name: text(claims.name, NAME_MAX) ?? text(userinfo?.name, NAME_MAX),
    picture_url: https(claims.picture) ?? https(userinfo?.picture),
    amr: words(claims.amr),
    acr: text(claims.acr, NAME_MAX),
    authenticated_at: authenticatedAt(claims),
    client_id: provider.client_id,
    refresh_token: refreshToken ?? null,
  }
}

/** Whether everything that is shown of a person stands in the id_token already. */
const isComplete = (claims: Claims) => typeof claims.email === 'string' && claims.email_verified !== undefined

/** Address and what is said of it come from one place, or somebody's word is taken for another address. */
const withAddress = (claims: Claims, userinfo: Claims | undefined): Claims =>
  isComplete(claims) || typeof userinfo?.email !== 'string' ? claims : userinfo

/** Never later than the token itself: nobody is fresher than what says so. */
function authenticatedAt({ auth_time: at, iat }: IDToken): Date | null {
  return typeof at === 'number' && at >= 0 ? new Date(Math.min(at, iat) * 1000) : null
}

function subjectOf(value: unknown): string {
  if (typeof value === 'string' && SUBJECT.test(value)) return value
  throw new ExchangeRefused('bad_subject', 'its subject is empty, longer than 255 characters, or not ASCII')
}

/** Entra's `sub` is another one for each application; who somebody is are the tenant and the object in it. */
function entraSubject({ tenants }: Provider, { tid, oid, iss }: Claims): string {
  if (typeof tid !== 'string' || typeof oid !== 'string' || tid === '' || oid === '') {
    throw new ExchangeRefused('missing_claim', 'tid or oid is missing')
  }
  if (tenants.length > 0 && !tenants.includes(tid.toLowerCase())) {
    throw new ExchangeRefused('tenant_not_allowed', 'the tenant is not among those that may come in')
  }
  if (!String(iss).toLowerCase().includes(tid.toLowerCase())) {
    throw new ExchangeRefused('bad_issuer', 'the tenant of the token is not the tenant of its issuer')
  }
  return subjectOf(`${tid.toLowerCase()}/${oid.toLowerCase()}`)
}

/** Any administrator of any tenant can write any address; `xms_edov` says that its domain was proven to Microsoft. */
const isEntraVerified = ({ xms_edov }: Claims) => xms_edov === true || xms_edov === 1 || xms_edov === '1'

function text(value: unknown, max: number): string | null {
  return typeof value === 'string' && value !== '' && value.length <= max && !/\p{Cc}/u.test(value) ? value : null
}

function https(value: unknown): string | null {
  const url = text(value, URL_MAX)
  return url !== null && URL.parse(url)?.protocol === 'https:' ? url : null
}

const words = (value: unknown) =>
  Array.isArray(value) ? value.filter((each): each is string => text(each, 60) !== null).slice(0, WORDS_MAX) : []
