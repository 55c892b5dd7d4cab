import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { cbor } from './cbor.ts'

/** What a ceremony says that a test means to say otherwise. */
export interface Twist {
  origin?: string
  challenge?: string
  type?: string
  rpId?: string
  /** User present, user verified. */
  isPresent?: boolean
  isVerified?: boolean
  crossOrigin?: boolean
  counter?: number
  userHandle?: string
  attestation?: { fmt: string; attStmt: Map<string, unknown> }
}

export interface SoftwareAuthenticator {
  credentialId: string
  counter: number
  make(options: Asked, twist?: Twist): RegistrationResponseJSON
  show(options: Asked, twist?: Twist): AuthenticationResponseJSON
}

interface Asked {
  challenge: string
  user?: { id: string }
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest()
const text = (bytes: Buffer) => bytes.toString('base64url')
const [UP, UV, BE, BS, AT] = [0x01, 0x04, 0x08, 0x10, 0x40]

/**
 * An authenticator of its own with one ES256 key, after WebAuthn 3 §6: real keys, real signatures, and whatever a test
 * would have it say wrongly. `synced`: as a password manager keeps it, otherwise as a security key does.
 */
export function softwareAuthenticator({
  origin,
  rpId,
  kind,
}: {
  origin: string
  rpId: string
  kind: 'security-key' | 'synced'
}): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let owner = ''

  function clientData(type: string, { challenge }: Asked, twist: Twist): Buffer {
    const { crossOrigin = false } = twist
    const said = { type: twist.type ?? type, challenge: twist.challenge ?? challenge, origin: twist.origin ?? origin }
    return Buffer.from(JSON.stringify({ ...said, crossOrigin }))
  }

  function authenticatorData(twist: Twist, attested: Buffer = Buffer.alloc(0)): Buffer {
    const { isPresent = true, isVerified = true } = twist
    const kept = kind === 'synced' ? BE | BS : 0
    const flags = (isPresent ? UP : 0) | (isVerified ? UV : 0) | kept | (attested.length > 0 ? AT : 0)
    const head = Buffer.alloc(5)
    head.writeUInt8(flags, 0)
    head.writeUInt32BE(twist.counter ?? authenticator.counter, 1)
    return Buffer.concat([sha256(twist.rpId ?? rpId), head, attested])
  }

  const authenticator: SoftwareAuthenticator = {
    credentialId: text(id),
    counter: 0,
    make(options, twist = {}) {
      owner = options.user?.id ?? ''
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(publicKey)])
      const { fmt, attStmt } = twist.attestation ?? { fmt: 'none', attStmt: new Map() }
      const object = cbor(
        new Map<string, unknown>([
          ['fmt', fmt],
          ['attStmt', attStmt],
          ['authData', authenticatorData(twist, attested)],
        ]),
      )
      return {
        id: text(id),
        rawId: text(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(clientData('webauthn.create', options, twist)),
          attestationObject: text(object),
          transports: kind === 'synced' ? ['internal', 'hybrid'] : ['usb'],
        },
      }
    },
    show(options, twist = {}) {
      if (kind === 'security-key') authenticator.counter++
      const said = clientData('webauthn.get', options, twist)
      const data = authenticatorData(twist)
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(said)]))
        .sign(privateKey)
      return {
        id: text(id),
        rawId: text(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(said),
          authenticatorData: text(data),
          signature: text(signature),
          userHandle: twist.userHandle ?? owner,
        },
      }
    },
  }
  return authenticator
}

/** RFC 9053 §7.1.1: an EC2 key on P-256 for ES256. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return cbor(
    new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  )
}
