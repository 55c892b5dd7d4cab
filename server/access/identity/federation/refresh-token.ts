import type { Secret } from '../../../platform/secret.ts'
import { issuersOf, type ProvenIdentity, type Provider } from '../../providers/index.ts'

/** With whom it is good: shown to anybody else it would be given away, and the answer would be about nobody. */
export type Refresh = Pick<ProvenIdentity, 'issuer' | 'client_id'> & { refresh_token: string | null }
export type KeptRefresh = Refresh & { refresh_token: string }

const PURPOSE = 'refresh token of a provider'
/** Entra's are the longest known, at some 2 kB; what is longer is not kept. */
const LENGTH_MAX = 8192

/** Null: the provider gave none, or none that can be kept. */
export function sealRefresh(secret: Secret, { refresh_token, issuer, client_id }: Refresh): string | null {
  if (refresh_token === null || refresh_token.length > LENGTH_MAX) return null
  return secret.seal(PURPOSE, JSON.stringify({ refresh_token, issuer, client_id } satisfies KeptRefresh))
}

export const unsealRefresh = (secret: Secret, sealed: string) =>
  JSON.parse(secret.unseal(PURPOSE, sealed)) as KeptRefresh

/** Whether the provider as it is set up now is the one that gave it, and we the client that it was given to. */
export const isGoodAt = (provider: Provider, { issuer, client_id }: KeptRefresh): boolean =>
  client_id === provider.client_id && issuersOf(provider).includes(issuer)
