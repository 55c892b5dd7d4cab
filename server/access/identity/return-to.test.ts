import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readReturnTo } from './return-to.ts'

const registered = new Set(['http://127.0.0.1:4200', 'https://notes.acme.test'])
const rules = { here: 'http://localhost:4000', isRegistered: (origin: string) => registered.has(origin) }

test('a path here and a page of a registered origin are gone on to', () => {
  const check = (text: string, url: string) => assert.deepEqual(readReturnTo(text, rules), { outcome: 'ok', url }, text)

  check('/', 'http://localhost:4000/')
  check('/console/users?query=a%20b#top', 'http://localhost:4000/console/users?query=a%20b#top')
  check('/a?next=https://evil.test//x', 'http://localhost:4000/a?next=https://evil.test//x')
  check('/a?x=%0d%0a', 'http://localhost:4000/a?x=%0d%0a')
  check('/notes/my%20note', 'http://localhost:4000/notes/my%20note')
  check('/notes/my note', 'http://localhost:4000/notes/my%20note')
  check('/a//b', 'http://localhost:4000/a//b')
  check('https://notes.acme.test/a//b', 'https://notes.acme.test/a//b')
  check('/größe', 'http://localhost:4000/gr%C3%B6%C3%9Fe')
  check('http://localhost:4000/account', 'http://localhost:4000/account')
  check('http://127.0.0.1:4200/notes', 'http://127.0.0.1:4200/notes')
  check('HTTPS://Notes.Acme.Test/a', 'https://notes.acme.test/a')
  check('https://notes.acme.test', 'https://notes.acme.test/')
  check('https://notes.acme.test:443/a', 'https://notes.acme.test/a')
})

const corpus = [
  '',
  'evil.test',
  '//evil.test',
  '///evil.test',
  '////evil.test',
  '/\\evil.test',
  '\\\\evil.test',
  '\\/evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/\r\n//evil.test',
  '\t//evil.test',
  ' //evil.test',
  ' https://evil.test',
  '\u00a0//evil.test',
  '\u0000//evil.test',
  '/.//evil.test',
  '/ //evil.test',
  '/%20//evil.test',
  'https://notes.acme.test/ /evil.test',
  '/..//evil.test',
  '/././/evil.test',
  '/%2fevil.test',
  '/%2Fevil.test',
  '/%252fevil.test',
  '%2f%2fevil.test',
  '%2f/evil.test',
  '/%5cevil.test',
  '/%5Cevil.test',
  '/%255cevil.test',
  '/%09/evil.test',
  '/%0d%0aSet-Cookie:x=1',
  '/a%0d%0aLocation:%20https://evil.test',
  '/%2e%2e//evil.test',
  '/／evil.test',
  '／／evil.test',
  '/⁄/evil.test\\',
  '/\u2028/evil.test',
  '/a\u202e',
  '/a\ud800',
  'https:evil.test',
  'https:/evil.test',
  'https:///evil.test',
  'https:\\\\evil.test',
  'http:127.0.0.1:4200',
  'https://evil.test',
  'https://evil。test',
  'https://evil．test/',
  'https://notes.acme.test.evil.test/',
  'https://notes.acme.test@evil.test/',
  'https://evil.test#@notes.acme.test/',
  'https://evil.test?@notes.acme.test/',
  'https://evil.test\\@notes.acme.test/',
  'https://user@notes.acme.test/',
  'https://user:password@notes.acme.test/',
  'https://@notes.acme.test/',
  'https://:@notes.acme.test/',
  'http://a@b',
  'https://notes.acme.test:444/',
  'http://notes.acme.test/',
  'https://notes.acme.test//evil.test',
  'https://notes.acme.test/%2f/evil.test',
  'http://127.0.0.1:4201/',
  'http://127.1:4100/',
  'http://2130706433:4201/',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'javascript://localhost:4000/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'blob:http://localhost:4000/x',
  'file:///etc/passwd',
  'about:blank',
  'ftp://notes.acme.test/',
  'ws://localhost:4000/',
  '?return_to=//evil.test',
  '#//evil.test',
  'account',
  './account',
  '../account',
  '@evil.test',
  ':4000/x',
  `/${'a'.repeat(2048)}`,
]

test('no trick of writing leads anywhere else', () => {
  for (const text of corpus) assert.equal(readReturnTo(text, rules).outcome, 'refused', JSON.stringify(text))
})

test('a refusal names the origin that is not registered', () => {
  assert.deepEqual(readReturnTo('https://evil.test/a', rules), { outcome: 'refused', origin: 'https://evil.test' })
})

test('whatever is asked for, the way leads to a registered origin and reads the same again', () => {
  const pieces = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2f',
    '%5c',
    '//',
    'evil.test',
    '@',
    ':',
    '?',
    '#',
    '\t',
    'https://',
    'http:',
    '／',
    'localhost:4000',
    '127.0.0.1:4200',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 8 }), (parts) => {
      const read = readReturnTo(parts.join(''), rules)
      if (read.outcome === 'refused') return
      const { origin, pathname } = new URL(read.url)
      assert.ok(origin === rules.here || registered.has(origin), read.url)
      assert.ok(!pathname.startsWith('//'), read.url)
      assert.match(read.url, /^https?:\/\/[\x21-\x7e]+$/)
    }),
    { numRuns: 2000 },
  )
})
