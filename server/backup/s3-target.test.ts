import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startObjectStore } from '../../doubles/index.ts'
import { openS3Target } from './s3-target.ts'
import { claim } from './target.ts'

const keys = { region: 'eu-test-1', keyId: 'AKTEST', secret: 'not-a-real-one' }
const PART = 16 * 1024 * 1024

async function place(pageSize?: number) {
  const store = await startObjectStore({ ...keys, ...(pageSize !== undefined && { pageSize }) })
  const target = openS3Target('s3://bucket/deep/prefix', { ...keys, endpoint: store.url })
  return { store, target, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}

async function* portions(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) yield new Uint8Array(size).fill(index + 1)
}

async function sizeOf(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  for await (const portion of bytes) size += portion.length
  return size
}

test('what is written is read again, listed and removed, each request signed', async () => {
  await using at = await place(2)
  for (const name of ['c', 'a', 'b']) await at.target.write(name, portions([3]))
  assert.deepEqual((await at.target.names()).toSorted(), ['a', 'b', 'c'])
  assert.equal(await sizeOf(await at.target.read('a')), 3)
  assert.equal(await at.target.readText('not-there'), undefined)
  await at.target.remove('a')
  assert.deepEqual((await at.target.names()).toSorted(), ['b', 'c'])
  assert.ok(at.store.objects.has('bucket/deep/prefix/b'))
})

test('what is larger than a part is sent in parts, and is there only when it was completed', async () => {
  await using at = await place()
  const size = 2 * PART + 5
  await at.target.write('large', portions([PART - 7, PART, 12]))
  assert.equal(at.store.objects.get('bucket/deep/prefix/large')?.length, size)
  assert.equal(at.store.uploads.size, 0)
  assert.equal(at.store.requests.filter((line) => line.includes('partNumber')).length, 3)
})

test('an upload that fails in the middle leaves nothing, neither an object nor parts to pay for', async () => {
  await using at = await place()
  at.store.refuse = (line) => (line.includes('partNumber=2') ? { status: 400, code: 'EntityTooSmall' } : undefined)
  await assert.rejects(at.target.write('large', portions([PART, PART])), /The store refused PUT .*: 400 EntityTooSmall/)
  assert.equal(at.store.objects.size, 0)
  assert.equal(at.store.uploads.size, 0)

  at.store.refuse = () => undefined
  async function* breaks() {
    yield new Uint8Array(PART + 1)
    throw new Error('the database went away')
  }
  await assert.rejects(at.target.write('large', breaks()), /the database went away/)
  assert.equal(at.store.objects.size, 0)
  assert.equal(at.store.uploads.size, 0)
})

test('a wrong secret is refused in one line that names the settings and not the secret', async () => {
  await using at = await place()
  const target = openS3Target('s3://bucket', { ...keys, secret: 'another-secret', endpoint: at.store.url })
  await assert.rejects(target.names(), (error: Error) => {
    assert.match(error.message, /403 SignatureDoesNotMatch. See HOLDFAST_BACKUP_S3_KEY_ID/)
    assert.doesNotMatch(error.message, /another-secret/)
    return true
  })
})

test('a redirect is not followed: what is signed for one host is shown to no other', async () => {
  await using at = await place()
  await using other = await place()
  at.store.refuse = () => ({ status: 307, code: 'TemporaryRedirect', location: `${other.store.url}/elsewhere` })
  await assert.rejects(at.target.write('a', portions([1])), /did not answer/)
  assert.deepEqual(other.store.requests, [])
})

test('a target bears the name of its environment, and refuses another', async () => {
  await using at = await place()
  await claim(at.target, 'production')
  await claim(at.target, 'production')
  await assert.rejects(
    claim(at.target, 'staging'),
    /holds the backups of the environment "production", and this is "staging"/,
  )
})
