import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { KeysRow } from '../ground/backups/index.ts'
import type { Secret } from '../platform/secret.ts'
import type { Seal } from './archive.ts'

const PURPOSE = 'backup signer'

/** The installation signs its backups with a key of its own, sealed under the secret file. */
export interface Signer {
  /** Base64url, to be pinned by whoever restores. */
  readonly publicKey: string
  sign(unsigned: Omit<Seal, 'signer' | 'signature'>): Seal
}

export function newSigner(secret: Secret): Pick<KeysRow, 'signerPublic' | 'signerSealed'> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const jwk = privateKey.export({ format: 'jwk' })
  return { signerPublic: jwk.x!, signerSealed: secret.seal(PURPOSE, JSON.stringify(jwk)) }
}

export function signerFrom(keys: KeysRow, secret: Secret): Signer {
  const jwk = JSON.parse(secret.unseal(PURPOSE, keys.signerSealed)) as { x: string }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return {
    publicKey: jwk.x,
    sign(unsigned) {
      const seal = { ...unsigned, signer: jwk.x }
      return { ...seal, signature: sign(null, signedText(seal), key).toString('base64url') }
    },
  }
}

/** Whether the key that the seal names has signed it; whose key that is, the caller has to know. */
export function isSigned(seal: Seal): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: seal.signer }, format: 'jwk' })
    return verify(null, signedText(seal), key, Buffer.from(seal.signature, 'base64url'))
  } catch {
    // A key that is none has signed nothing.
    return false
  }
}

/** Every field in a fixed order; the digest stands for all of the archive. */
function signedText(seal: Omit<Seal, 'signature'>): Buffer {
  const { format, archive, size, sha256, snapshotAt, environment, installationId, signer } = seal
  return Buffer.from(
    `holdfast backup\n${JSON.stringify([format, archive, size, sha256, snapshotAt, environment, installationId, signer])}`,
  )
}
