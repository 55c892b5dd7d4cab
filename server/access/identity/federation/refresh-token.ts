import type { Secret } from '../../../platform/secret.ts'

const PURPOSE = 'refresh token of a provider'
/** Entra's are the longest known, at some 2 kB; what is longer is not kept. */
const LENGTH_MAX = 8192

/** Null: the provider gave none, or none that can be kept. */
export function sealRefresh(secret: Secret, token: string | null): string | null {
  return token === null || token.length > LENGTH_MAX ? null : secret.seal(PURPOSE, token)
}

export const unsealRefresh = (secret: Secret, sealed: string): string => secret.unseal(PURPOSE, sealed)
