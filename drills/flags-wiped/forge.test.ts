import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { forgeEmpty, forgeSigned } from './forge.ts'

const genuine = () => {
  const keys = JSON.stringify({ installation_id: 'ins_1', environment: 'production', number: 1, keys: [] })
  const body = { epoch: 3, seq: 9, count: 2, tombstones: [], key_list: { text: keys } }
  return `${JSON.stringify({ kid: 'key_1', digest: 'x', signature: 'y' })}\n${JSON.stringify(body)}\n["a",{}]\n["b",{}]\n`
}

function read(text: string) {
  const [header, body, ...flags] = text.slice(0, -1).split('\n') as [string, string, ...string[]]
  return { header: JSON.parse(header), body: JSON.parse(body), flags, bodyText: body }
}

test('a forged delivery has a greater number, no flag, and a digest that is right: only its signature tells', () => {
  for (const forge of [forgeEmpty, forgeSigned]) {
    const { header, body, flags, bodyText } = read(forge(genuine()))
    assert.deepEqual([body.epoch, body.seq, body.count, flags], [4, 1, 0, []])
    assert.equal(header.digest, createHash('sha256').update(bodyText).digest('base64url'))
  }
  assert.equal(read(forgeEmpty(genuine())).header.signature, 'y')
})

test('somebody with keys of their own signs what they forge so that every signature holds', () => {
  const { header, body, bodyText } = read(forgeSigned(genuine()))
  const { text, signature, root } = body.key_list
  const holds = (jwk: object, said: string, by: string) => {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return verify('sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(by, 'base64url'))
  }
  const [signing] = JSON.parse(text).keys
  assert.ok(holds(root, `holdfast-keys-1\n${text}`, signature))
  assert.ok(holds(signing, `holdfast-flags-1\n${bodyText}`, header.signature))
  assert.equal(signing.kid, header.kid)
})
