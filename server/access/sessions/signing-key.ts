import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { PROOF_ALGORITHM, PROOF_TYPE, type ProofClaims, type PublicKey } from '../../../sdk/contract.ts'

export interface SigningKey {
  public: PublicKey
  privateKey: KeyObject
  createdAt: Date
  signFrom: Date
  signUntil: Date
  verifyUntil: Date
}

export type KeyState = 'next' | 'active' | 'retiring' | 'retired'

const DAY_MS = 24 * 60 * 60 * 1000
/** A key signs for a month. */
export const SIGNING_LIFE_MS = 30 * DAY_MS
/** After its last signature a key is still needed for one proof's life and the grace; a day is ample. */
export const VERIFY_AFTER_MS = DAY_MS

export function makeSigningKey(kid: string, times: { createdAt: Date; signFrom: Date }): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string }
  const signUntil = new Date(times.signFrom.getTime() + SIGNING_LIFE_MS)
  return {
    public: { kty: 'EC', crv: 'P-256', x, y, kid, alg: PROOF_ALGORITHM, use: 'sig' },
    privateKey,
    ...times,
    signUntil,
    verifyUntil: new Date(signUntil.getTime() + VERIFY_AFTER_MS),
  }
}

export function stateOf(key: Pick<SigningKey, 'signFrom' | 'signUntil' | 'verifyUntil'>, now: Date): KeyState {
  if (now < key.signFrom) return 'next'
  if (now < key.signUntil) return 'active'
  return now < key.verifyUntil ? 'retiring' : 'retired'
}

/** A compact JWS (RFC 7515), ES256 with the plain r‖s signature of RFC 7518 §3.4. */
export function signProof(key: SigningKey, claims: ProofClaims): string {
  const content = `${headerOf(key)}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(content), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${content}.${signature.toString('base64url')}`
}

const headers = new WeakMap<SigningKey, string>()

/** The same for every proof of a key. */
function headerOf(key: SigningKey): string {
  const known = headers.get(key)
  if (known !== undefined) return known
  const header = encode({ alg: PROOF_ALGORITHM, typ: PROOF_TYPE, kid: key.public.kid })
  headers.set(key, header)
  return header
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export const exportPrivate = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }) as string
export const importPrivate = (pem: string) => createPrivateKey(pem)
