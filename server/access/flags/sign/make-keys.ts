import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { nodeSeals } from '../../../../sdk/flags/node-seals.ts'
import { fingerprintOf } from '../../../../sdk/flags/seals.ts'
import type { FlagKey, RootKey } from '../../../../sdk/flags/snapshot.ts'

/** Signs lists of signing keys, and nothing else. Made once; its fingerprint is what apps pin. */
export interface RootPair {
  root: RootKey
  fingerprint: string
  privateKey: KeyObject
}

/** Signs snapshots, as long as the root lists it. */
export interface SigningPair {
  public: FlagKey
  privateKey: KeyObject
}

export const makeRoot = (): RootPair => rootOf(makePrivate())

export const makeSigningKey = (kid: string): SigningPair => pairOf(kid, makePrivate())

/** For sealing, and for the export that people keep. */
export const exportPrivate = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }) as string

export const openRoot = (pem: string): RootPair => rootOf(createPrivateKey(pem))

export const openSigningKey = (kid: string, pem: string): SigningPair => pairOf(kid, createPrivateKey(pem))

const makePrivate = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

function rootOf(privateKey: KeyObject): RootPair {
  const root = publicOf(privateKey)
  return { root, fingerprint: fingerprintOf(root, nodeSeals), privateKey }
}

function pairOf(kid: string, privateKey: KeyObject): SigningPair {
  return { public: { kid, ...publicOf(privateKey) }, privateKey }
}

function publicOf(privateKey: KeyObject): RootKey {
  const { crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (crv !== 'P-256') throw new Error('A key of flags has to be one on the curve P-256.')
  return { kty: 'EC', crv, x: x!, y: y! }
}
