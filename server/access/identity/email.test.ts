import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readEmail } from './email.ts'

test('an address is normalised before it is validated', () => {
  const check = (typed: string, address: string, key = address) =>
    assert.deepEqual(readEmail(typed), { outcome: 'ok', email: { address, key } }, typed)

  check('ana@acme.test', 'ana@acme.test')
  check('  ana@acme.test\t', 'ana@acme.test')
  check('Ana.Lee+notes@ACME.Test', 'Ana.Lee+notes@acme.test', 'ana.lee+notes@acme.test')
  check('ana@bücher.example', 'ana@xn--bcher-kva.example')
  check('ana@BÜCHER.example', 'ana@xn--bcher-kva.example')
  check('ana@acme。test', 'ana@acme.test')
  check('ａｎａ@acme.test', 'ana@acme.test')
  check("o'neil_1@mail.acme.test", "o'neil_1@mail.acme.test")
})

test('what is no address, or only looks like one, is refused', () => {
  const check = (typed: string, outcome: string) =>
    assert.deepEqual(readEmail(typed), { outcome }, JSON.stringify(typed))

  check('', 'missing')
  check('   ', 'missing')
  for (const typed of [
    'ana',
    'ana@',
    '@acme.test',
    'ana@localhost',
    'ana@@acme.test',
    'ana@evil.test@acme.test',
    'ana@evil.test＠acme.test',
    'ana＠acme.test',
    'ana﹫acme.test',
    'ana@acme.test\r\nBcc: all@acme.test',
    'ana@acme.test\u0000',
    'a\u200bna@acme.test',
    'ana@acme\u202e.test',
    'ana @acme.test',
    'ana@acme .test',
    'ana@acme..test',
    '.ana@acme.test',
    'ana.@acme.test',
    'a..na@acme.test',
    '"ana lee"@acme.test',
    'Ana <ana@acme.test>',
    'ana@acme.test,bob@acme.test',
    'ana@[127.0.0.1]',
    'ana@127.0.0.1',
    'ana@acme.test/../x',
    'ana@acme.test?x',
    'ana@-acme.test',
    'ana@acme.test:25',
    'ana%40evil.test@acme%2etest',
    'аna@acme.test',
    '\ud800@acme.test',
  ]) {
    check(typed, 'invalid')
  }
  check(`${'a'.repeat(65)}@acme.test`, 'too_long')
  check(`ana@${'a.'.repeat(124)}test`, 'too_long')
  check('a'.repeat(100_000), 'too_long')
})

test('whatever is typed, the answer is an address of one plain @ that reads as itself, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary', maxLength: 80 })), (typed) => {
      const read = readEmail(typed)
      if (read.outcome !== 'ok') return
      assert.match(read.email.address, /^[\x21-\x7e]+$/)
      assert.equal(read.email.address.split('@').length, 2)
      assert.deepEqual(readEmail(read.email.address), read)
      assert.equal(read.email.key, read.email.key.toLowerCase())
    }),
  )
})
