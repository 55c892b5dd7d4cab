import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { openSecret, SecretRefused, sameDigest, secretFrom } from './secret.ts'
import { makeTestFolder, removeTestFolder } from './testing/index.ts'

let folder: string
before(async () => {
  folder = await makeTestFolder()
})
after(() => removeTestFolder(folder))

test('a secret is made once, for its owner only, and read from then on', async () => {
  const file = join(folder, 'made', 'secret.key')
  const sealed = (await openSecret(file)).seal('test', 'hello')
  assert.equal((await openSecret(file)).unseal('test', sealed), 'hello')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.match(await readFile(file, 'utf8'), /^[A-Za-z0-9_-]{43}\n$/)
})

test('processes that start together agree on one secret', async () => {
  const file = join(folder, 'together', 'secret.key')
  const secrets = await Promise.all(Array.from({ length: 8 }, () => openSecret(file)))
  const digests = new Set(secrets.map((secret) => secret.hmac('test', 'x').toString('hex')))
  assert.equal(digests.size, 1)
  assert.deepEqual(await readdir(join(folder, 'together')), ['secret.key'])
})

test('a file that holds no secret is refused in one line, and left as it is', async () => {
  const file = join(folder, 'wrong.key')
  const right = randomBytes(32).toString('base64url')
  for (const wrong of ['', 'short', `${right}A`, right.slice(1), `${right.slice(1)}!`, `${right}\n${right}`]) {
    await writeFile(file, wrong)
    await assert.rejects(openSecret(file), (error: Error) => {
      assert.ok(error instanceof SecretRefused)
      assert.ok(!error.message.includes('\n') && (wrong === '' || !error.message.includes(wrong)))
      return true
    })
    assert.equal(await readFile(file, 'utf8'), wrong)
  }
})

test('what cannot be read is refused in one line that says which setting it was', async () => {
  const file = join(folder, 'a-folder')
  await mkdir(file)
  await assert.rejects(openSecret(file), /a-folder cannot be read \(EISDIR\)\. Set HOLDFAST_SECRET_FILE\./)
})

test('a secret file that others may read is warned of, without the secret', async () => {
  const file = join(folder, 'open.key')
  const text = randomBytes(32).toString('base64url')
  await writeFile(file, text)
  const warnings: unknown[] = []
  const log = { warn: (...said: unknown[]) => void warnings.push(said) }
  await chmod(file, 0o600)
  await openSecret(file, log)
  assert.deepEqual(warnings, [])
  for (const mode of [0o644, 0o640, 0o604]) {
    await chmod(file, mode)
    await openSecret(file, log)
  }
  assert.equal(warnings.length, 3)
  assert.ok(!JSON.stringify(warnings).includes(text))
})

const secret = secretFrom(Buffer.alloc(32, 1))

test('what was sealed is unsealed by the same secret for the same purpose, and by no other', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (content) => {
      const sealed = secret.seal('a purpose', content)
      assert.equal(secret.unseal('a purpose', sealed), content)
      assert.throws(() => secret.unseal('another purpose', sealed), SecretRefused)
      assert.throws(() => secretFrom(Buffer.alloc(32, 2)).unseal('a purpose', sealed), SecretRefused)
    }),
    { numRuns: 30 },
  )
})

test('what was touched, cut or made up is refused', () => {
  const sealed = secret.seal('test', 'content')
  const forged = [...sealed].map((character, index) =>
    index < 3
      ? sealed.slice(index + 1)
      : sealed.slice(0, index) + (character === 'A' ? 'B' : 'A') + sealed.slice(index + 1),
  )
  // The last character holds bits that base64url does not use: another one may mean the same bytes.
  for (const text of [...forged.slice(0, -1), '', 'v1.', 'v2.abc', sealed.slice(0, 20)]) {
    assert.throws(() => secret.unseal('test', text), SecretRefused, text)
  }
})

test('the same content is sealed differently each time, and digested the same', () => {
  assert.notEqual(secret.seal('test', 'x'), secret.seal('test', 'x'))
  assert.deepEqual(secret.hmac('test', 'x'), secret.hmac('test', 'x'))
  assert.notDeepEqual(secret.hmac('test', 'x'), secret.hmac('other', 'x'))
})

test('digests of another length are different, without an error', () => {
  assert.equal(sameDigest(Buffer.from('ab'), Buffer.from('abc')), false)
  assert.equal(sameDigest(Buffer.from('abc'), Buffer.from('abc')), true)
})
