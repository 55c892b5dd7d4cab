import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import { issuersOf } from '../documents/index.ts'
import type { Provider } from '../provider.ts'
import * as queries from '../queries.ts'
import { refuse } from '../refusals.ts'
import { SEAL_PURPOSE } from './told.ts'

/** As it stands on a button. */
export function nameOf(given: string): string {
  const name = given.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (name === '' || name.length > 60 || /\p{Cc}/u.test(name)) throw refuse('bad_name')
  return name
}

export const sealed = (parts: Parts, secret: string | null | undefined) =>
  secret ? parts.secret.seal(SEAL_PURPOSE, secret) : null

export function scopesOf(given: readonly string[]): string[] {
  return [...new Set(['openid', ...given])]
}

type Authentication = queries.ProviderSaid['token_endpoint_auth']

export function authenticationOf(asked: Authentication | undefined, hasSecret: boolean): Authentication {
  if (!asked) return hasSecret ? 'client_secret_basic' : 'none'
  if (asked !== 'none' && !hasSecret) throw refuse('secret_needed')
  return asked
}

type Vouched = Pick<Provider, 'preset' | 'issuer' | 'tenants'>
type Former = { id: string; version: number } & Pick<queries.Vouching, 'trusted_email' | 'trusted_factors'>

/**
 * Who vouches for the same people, enabled or not, is refused; who asks at once waits. Answers who did so and was deleted: a
 * provider that is added again is that one, and what people, policies and passkeys say of it holds.
 */
export async function formerSelf(db: Queries, said: Vouched & { id?: string }): Promise<Former | undefined> {
  await queries.lockSettings(db)
  const held = await queries.vouchersFor(db, issuersOf(said))
  const other = held.find(({ name, provider_id }) => name !== null && provider_id !== said.id)
  if (other) throw refuse('taken', { provider: other.provider_id, issuer: other.issuer })
  const [former] = held.filter(({ name }) => name === null)
  if (!former) return undefined
  const { provider_id: id, last_version, trusted_email, trusted_factors } = former
  return { id, version: last_version + 1, trusted_email, trusted_factors }
}

export async function keepIssuers(db: Queries, said: Vouched & { id: string }, now: Date): Promise<void> {
  const issuers = issuersOf(said)
  const kept = await queries.setIssuers(db, said.id, issuers, now)
  if (kept !== issuers.length) throw new Error('an issuer is vouched for by two providers')
}

/** One domain for two providers is refused. */
export async function checkDomains(db: Queries, id: string, domains: readonly string[]): Promise<void> {
  const other = await queries.findDomainOfOthers(db, domains, id)
  if (other) throw refuse('domain_taken', { domain: other.domain, provider: other.provider_id })
}
