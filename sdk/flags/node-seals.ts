import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { type Seals, SIGNATURE_LENGTH } from './seals.ts'
import type { RootKey } from './snapshot.ts'

/** Of a snapshot: of the second line's bytes. */
export const digestOf = (bodyText: string) => hash('sha256', bodyText, 'base64url')

export const nodeSeals: Seals = {
  sha256: digestOf,
  verify(key, text, signature) {
    const publicKey = signature.length === SIGNATURE_LENGTH ? keyObject(key) : undefined
    if (!publicKey) return false
    return verify(
      'sha256',
      Buffer.from(text),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  },
}

/** Undefined for a point that is not on the curve. */
function keyObject({ kty, crv, x, y }: RootKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  } catch {
    return undefined
  }
}
