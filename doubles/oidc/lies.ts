import { createHmac, createPrivateKey, createPublicKey, sign, type webcrypto } from 'node:crypto'
import type { SigningKey } from './keys.ts'
import type { Behaviour, Lie } from './settings.ts'

export interface Forger {
  behaviour: Behaviour
  /** The key that the provider signs with. */
  own: SigningKey
  /** A key that it never showed. */
  foreign: SigningKey
}

type Claims = Record<string, unknown>

/** Signs what the provider said once more, changed as told. Every other part stays as it was, so that one thing is wrong. */
export function forgeIdToken(token: string, { behaviour, own, foreign }: Forger): string {
  const { lie, clockAheadSeconds } = behaviour
  const claims = changeClaims(readClaims(token), lie)
  for (const name of ['iat', 'exp', 'auth_time']) {
    if (typeof claims[name] === 'number') claims[name] += clockAheadSeconds
  }
  if (lie === 'algorithm-none') return `${unsigned({ alg: 'none' }, claims)}.`
  if (lie === 'algorithm-confusion') return signedByPublicKey(claims, own)
  if (lie === 'unknown-key') return signed(claims, foreign, foreign.kid)
  if (lie === 'key-confusion') return signed(claims, foreign, own.kid)
  const honest = signed(claims, own, own.kid)
  return lie === 'bad-signature' ? withOtherSignature(honest) : honest
}

const changed: Partial<Record<Lie, Claims>> = {
  'wrong-issuer': { iss: 'https://issuer.example.test' },
  'wrong-audience': { aud: 'somebody-else' },
  'wrong-nonce': { nonce: 'another-nonce' },
  'wrong-subject': { sub: 'somebody-else' },
  'missing-issuer': { iss: undefined },
  'missing-audience': { aud: undefined },
  'missing-subject': { sub: undefined },
  'missing-expiry': { exp: undefined },
  'missing-issued-at': { iat: undefined },
  'missing-nonce': { nonce: undefined },
}

const changeClaims = (claims: Claims, lie: Lie | null): Claims => ({ ...claims, ...(lie ? changed[lie] : undefined) })

const readClaims = (token: string): Claims => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const unsigned = (header: object, claims: Claims) => `${encoded({ typ: 'JWT', ...header })}.${encoded(claims)}`

const privateKeyOf = (key: SigningKey) => createPrivateKey({ key: key as webcrypto.JsonWebKey, format: 'jwk' })

function signed(claims: Claims, key: SigningKey, kid: string): string {
  const text = unsigned({ alg: 'RS256', kid }, claims)
  return `${text}.${sign('sha256', Buffer.from(text), privateKeyOf(key)).toString('base64url')}`
}

/** The public key taken for a shared secret: everybody could sign so. */
function signedByPublicKey(claims: Claims, key: SigningKey): string {
  const text = unsigned({ alg: 'HS256', kid: key.kid }, claims)
  const secret = createPublicKey(privateKeyOf(key)).export({ type: 'spki', format: 'pem' })
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

function withOtherSignature(token: string): string {
  const [header, claims, signature] = token.split('.') as [string, string, string]
  const bytes = Buffer.from(signature, 'base64url')
  bytes[10]! ^= 1
  return `${header}.${claims}.${bytes.toString('base64url')}`
}
