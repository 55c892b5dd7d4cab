import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { randomBytesOf } from '../../../../platform/random.ts'

/** The key of a synthetic identity: made when a process starts, in its memory alone, and gone with it. */
export interface ExerciseKey {
  credentialId: Buffer
  /** COSE, as an authenticator would have given it. */
  publicKey: Buffer
  /** What an authenticator answers: somebody was there, and showed that it is they. */
  show(asked: { challenge: string; origin: string; rpId: string; userId: string }): AuthenticationResponseJSON
}

const [UP, UV] = [0x01, 0x04]
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest()
const text = (bytes: Buffer) => bytes.toString('base64url')

/** WebAuthn 3 §6 as far as a sign-in needs it, with one key for ES256; its counter stays 0, as that of a synced passkey does. */
export function makeExerciseKey(): ExerciseKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const credentialId = Buffer.from(randomBytesOf(32))
  return {
    credentialId,
    publicKey: coseKey(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')),
    show({ challenge, origin, rpId, userId }) {
      const said = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }))
      const data = Buffer.concat([sha256(rpId), Buffer.from([UP | UV, 0, 0, 0, 0])])
      const signature = sign('sha256', Buffer.concat([data, sha256(said)]), privateKey)
      return {
        id: text(credentialId),
        rawId: text(credentialId),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(said),
          authenticatorData: text(data),
          signature: text(signature),
          userHandle: text(Buffer.from(userId)),
        },
      }
    },
  }
}

/** RFC 9053 §7.1.1, as CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
const coseKey = (x: Buffer, y: Buffer) =>
  Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), x, Buffer.from('225820', 'hex'), y])
