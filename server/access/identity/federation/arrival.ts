import type { Secret } from '../../../platform/secret.ts'
import type { ProvenIdentity } from '../../providers/index.ts'

/** Somebody who proved who they are elsewhere and has yet to prove that an address is theirs. */
export interface Arrival {
  id: string
  browser_digest: Buffer
  provider_id: string
  identity_sealed: string
  audience: string
  return_to: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

/** Three codes in a row; the proof of the provider is not older than that when the session begins. */
export const ARRIVAL_LIFE_MS = 15 * 60_000
/** Whoever comes back again and again without proving an address needs none but the newest. */
export const ARRIVALS_IN_BROWSER_MAX = 4

const PURPOSE = 'identity that arrived'

export const sealIdentity = (secret: Secret, identity: ProvenIdentity): string =>
  secret.seal(PURPOSE, JSON.stringify(identity))

export function unsealIdentity(secret: Secret, sealed: string): ProvenIdentity {
  const read = JSON.parse(secret.unseal(PURPOSE, sealed)) as ProvenIdentity
  const { authenticated_at: at } = read
  return { ...read, authenticated_at: at === null ? null : new Date(at) }
}
