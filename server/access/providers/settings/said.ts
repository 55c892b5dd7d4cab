import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import type { Preset } from '../provider.ts'
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

/** One that two would vouch for, or two for one, is refused; who asks at once waits. */
export async function checkCollisions(
  db: Queries,
  asked: { id: string; preset: Preset; issuer: string; client_id: string },
  domains: readonly string[],
): Promise<void> {
  await queries.lockSettings(db)
  const { id, preset, issuer, client_id: clientId } = asked
  const same = await queries.findSame(db, { issuer, clientId, preset, exceptId: id })
  if (same) throw refuse('taken', { provider: same })
  const other = await queries.findDomainOfOthers(db, domains, id)
  if (other) throw refuse('domain_taken', { domain: other.domain, provider: other.provider_id })
}
