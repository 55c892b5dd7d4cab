import { newSecret } from '../../platform/id.ts'
import type { Secret } from '../../platform/secret.ts'
import { digestOfKey, formatKey, forwardKeyOf, hintOfKey } from './application.ts'

export const SEAL_PURPOSE = 'application'

/** A new key, and what is kept of it: a digest, and what its signatures are checked with, sealed. */
export function newKey(secret: Secret, environment: string) {
  const key = formatKey(environment, newSecret())
  return { key, ...sealedKey(secret, key) }
}

export function sealedKey(secret: Secret, key: string) {
  return {
    keyDigest: digestOfKey(key),
    forwardKeySealed: secret.seal(SEAL_PURPOSE, forwardKeyOf(key).toString('base64')),
    keyHint: hintOfKey(key),
  }
}
