import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayKind, sayParty } from './say-party.ts'

test('a party is told by its name, without one by its id, and what did something by itself by what it is', () => {
  assert.equal(sayParty({ kind: 'person', id: 'usr_1', label: 'ana@acme.test' }), 'ana@acme.test')
  assert.equal(sayParty({ kind: 'person', id: 'usr_1', label: null }), 'usr_1')
  assert.equal(sayParty({ kind: 'holdfast', id: null, label: null }), 'Holdfast')
  assert.equal(sayParty({ kind: 'robot', id: '', label: null }), 'robot')
})

test('a kind is said in words', () => {
  assert.equal(sayKind('signing-key'), 'signing key')
})
