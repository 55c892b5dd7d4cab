import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginningsOf, wordsIn } from './search-words.ts'

test('words are found whatever their accents, their case and what stands between them', () => {
  assert.deepEqual(wordsIn('Müller & Söhne GmbH', 'muller-sohne'), ['muller', 'sohne', 'gmbh'])
  assert.deepEqual(wordsIn('ÅNGSTRÖM', null, '株式会社 アクメ'), ['angstrom', '株式会社', 'アクメ'])
  assert.deepEqual(wordsIn("' | & ! :* <-> \\ "), [])
})

test('what was typed becomes a query of beginnings in which nothing of it is an operator', () => {
  assert.equal(beginningsOf('Acme la'), "'acme':* & 'la':*")
  assert.equal(beginningsOf("x' | !y:*"), "'x':* & 'y':*")
  assert.equal(beginningsOf('  '), undefined)
  assert.equal(beginningsOf(undefined), undefined)
  assert.equal(beginningsOf('a b c d e f g h i j k')?.split('&').length, 8)
})
