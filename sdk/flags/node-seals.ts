import { createPublicKey, createVerify, hash, type KeyObject } from 'node:crypto'
import { type Seals, SIGNATURE_LENGTH } from './seals.ts'
import type { RootKey } from './snapshot.ts'

/** Of a snapshot: of the bytes of its body. */
export const digestOf = (bodyText: string) => hash('sha256', bodyText, 'base64url')

/** A root and the few keys that it lists; with more, the oldest goes. */
const KEYS_MAX = 32
const keys = new Map<string, KeyObject | undefined>()

export const nodeSeals: Seals = {
  sha256: digestOf,
  verify(key, text, signature) {
    const publicKey = signature.length === SIGNATURE_LENGTH ? keyObject(key) : undefined
    if (!publicKey) return false
    // The text as it is: a copy in bytes was a third of the time.
    return createVerify('sha256')
      .update(text)
      .verify({ key: publicKey, dsaEncoding: 'ieee-p1363' }, signature, 'base64url')
  },
}

/** Undefined for a point that is not on the curve. */
function keyObject({ kty, crv, x, y }: RootKey): KeyObject | undefined {
  const name = `${kty} ${crv} ${x} ${y}`
  if (keys.has(name)) return keys.get(name)
  if (keys.size >= KEYS_MAX) keys.delete(keys.keys().next().value!)
  const made = makeKey({ kty, crv, x, y })
  keys.set(name, made)
  return made
}

function makeKey(key: RootKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...key }, format: 'jwk' })
  } catch {
    return undefined
  }
}
