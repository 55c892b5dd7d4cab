import type { RootKey } from './snapshot.ts'

/**
 * What judging needs of cryptography, and no more, so that the same rules run where `node:crypto` is not: in servers it is
 * `nodeSeals`, in a browser `webSealsFor` one text.
 */
export interface Seals {
  /** In base64url. */
  sha256(text: string): string
  /** ES256, the plain r‖s in base64url. False also for a key or a signature that is none. */
  verify(key: RootKey, text: string, signature: string): boolean
}

/** 64 bytes in base64url: an ES256 signature has no other length. */
export const SIGNATURE_LENGTH = 86

/** Who a root is: the thumbprint of RFC 7638, its members in their order and nothing between them. */
export function fingerprintOf(root: RootKey, seals: Pick<Seals, 'sha256'>): string {
  return seals.sha256(thumbprintText(root))
}

export const thumbprintText = ({ crv, kty, x, y }: RootKey) => JSON.stringify({ crv, kty, x, y })
