import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/**
 * A delivery with a greater number and no flag in it, whose digest is right and which nobody has signed: what somebody makes who
 * can write where access reads, and has no key. The signature is that of the delivery it was made from.
 */
export function forgeEmpty(text: string): string {
  const { header, body } = read(text)
  const forged = JSON.stringify(emptied(body))
  return written({ ...header, digest: digestOf(forged) }, forged)
}

/** The same by somebody who has keys of their own, root and all: every signature in it holds, and the names are production's. */
export function forgeSigned(text: string): string {
  const { header, body } = read(text)
  const [root, signing] = [makeKey(), makeKey()]
  const list = JSON.parse(body.key_list.text)
  const keys = JSON.stringify({ ...list, number: list.number + 1, keys: [{ kid: header.kid, ...signing.jwk }] })
  const keyList = { text: keys, signature: signed(root.privateKey, `holdfast-keys-1\n${keys}`), root: root.jwk }
  const forged = JSON.stringify({ ...emptied(body), key_list: keyList })
  const signature = signed(signing.privateKey, `holdfast-flags-1\n${forged}`)
  return written({ ...header, digest: digestOf(forged), signature }, forged)
}

interface Read {
  header: { kid: string }
  body: { epoch: number; key_list: { text: string } }
}

function read(text: string): Read {
  const [header, body] = text.split('\n')
  return { header: JSON.parse(header!), body: JSON.parse(body!) }
}

const emptied = (body: Read['body']) => ({
  ...body,
  epoch: body.epoch + 1,
  seq: 1,
  count: 0,
  tombstones: [],
})
const written = (header: object, body: string) => `${JSON.stringify(header)}\n${body}\n`
const digestOf = (body: string) => createHash('sha256').update(body).digest('base64url')

function makeKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  return { privateKey, jwk: { kty, crv, x, y } }
}

function signed(key: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}
