import { createHash, createPrivateKey, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** A passkey as a password manager keeps it: what a load process is told of it. */
export interface Passkey {
  id: string
  /** PKCS 8, PEM. */
  privateKey: string
  /** Whose it is, as access wrote it when it was made. */
  owner: string
}

/** Where a ceremony is: a passkey signs for no other place. */
export interface Place {
  origin: string
  rpId: string
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest()
const text = (bytes: Buffer) => bytes.toString('base64url')
/** Present, verified, may be backed up, is backed up; attested where one is made (WebAuthn 3 §6.1). */
const SHOWN = 0x01 | 0x04 | 0x08 | 0x10
const MADE = SHOWN | 0x40

/** An answer to `navigator.credentials.create` with an ES256 key and no attestation. */
export function makePasskey(options: { challenge: string; user: { id: string } }, place: Place) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(x, y)])
  const object = Buffer.concat([
    // {"fmt": "none", "attStmt": {}, "authData": bytes}
    Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
    byteString(authenticatorData(place.rpId, MADE, attested)),
  ])
  const passkey: Passkey = {
    id: text(id),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    owner: options.user.id,
  }
  return {
    passkey,
    response: {
      ...{ id: text(id), rawId: text(id), type: 'public-key', clientExtensionResults: {} },
      response: {
        clientDataJSON: text(clientData('webauthn.create', options.challenge, place)),
        attestationObject: text(object),
        transports: ['internal', 'hybrid'],
      },
    },
  }
}

/** An answer to `navigator.credentials.get`. */
export function showPasskey({ id, privateKey, owner }: Passkey, options: { challenge: string }, place: Place) {
  const said = clientData('webauthn.get', options.challenge, place)
  const shown = authenticatorData(place.rpId, SHOWN)
  const signature = createSign('sha256')
    .update(Buffer.concat([shown, sha256(said)]))
    .sign(createPrivateKey(privateKey))
  return {
    ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
    response: {
      ...{ clientDataJSON: text(said), authenticatorData: text(shown), signature: text(signature), userHandle: owner },
    },
  }
}

const clientData = (type: string, challenge: string, { origin }: Place) =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

/** The counter stays 0, as it does in a passkey that is synced. */
const authenticatorData = (rpId: string, flags: number, attested = Buffer.alloc(0)) =>
  Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 0]), attested])

/** RFC 9053 §7.1.1, as CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
const coseKey = (x: string, y: string) =>
  Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])

/** RFC 8949: shorter than 256 bytes, which all of ours are. */
const byteString = (bytes: Buffer) => Buffer.concat([Buffer.from([0x58, bytes.length]), bytes])
