import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { makePasskey, showPasskey } from './authenticator.ts'

const place = { origin: 'http://localhost:4000', rpId: 'localhost' }
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()

test('a passkey that was made signs what it is asked, for its place, by the key that it showed', () => {
  const { passkey, response } = makePasskey({ challenge: 'Y2hhbGxlbmdl', user: { id: 'b3duZXI' } }, place)
  const object = Buffer.from(response.response.attestationObject, 'base64url')
  const made = object.subarray(object.indexOf(sha256('localhost')))
  const id = Buffer.from(passkey.id, 'base64url')
  assert.equal(made[32], 0x5d)
  assert.deepEqual(made.subarray(55, 55 + id.length), id)
  const [x, y] = [made.subarray(-67, -35), made.subarray(-32)].map((part) => part.toString('base64url'))

  const shown = showPasskey(passkey, { challenge: 'YW5vdGhlcg' }, place).response
  const said = Buffer.from(shown.clientDataJSON, 'base64url')
  assert.deepEqual(JSON.parse(said.toString()), {
    ...{ type: 'webauthn.get', challenge: 'YW5vdGhlcg', origin: place.origin, crossOrigin: false },
  })
  const data = Buffer.from(shown.authenticatorData, 'base64url')
  assert.deepEqual(data.subarray(0, 32), sha256('localhost'))
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x!, y: y! }, format: 'jwk' })
  const isSigned = verify('sha256', Buffer.concat([data, sha256(said)]), key, Buffer.from(shown.signature, 'base64url'))
  assert.ok(isSigned)
  assert.equal(shown.userHandle, 'b3duZXI')
})
