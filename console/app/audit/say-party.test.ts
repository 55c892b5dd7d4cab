import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayActor, sayParty } from './say-party.ts'

const ana = { kind: 'person', id: 'usr_1', label: 'ana@acme.test' }

test('support that acted as somebody is named first, and both names stand there', () => {
  assert.equal(
    sayActor({ actor: ana, impersonator: { id: 'usr_2', label: 'grace@acme.test' } }),
    'grace@acme.test as ana@acme.test',
  )
  assert.equal(sayActor({ actor: ana, impersonator: { id: 'usr_2', label: null } }), 'usr_2 as ana@acme.test')
})

test('who has no name any more is told by id, and what did something by itself by what it is', () => {
  assert.equal(sayParty({ ...ana, label: null }), 'usr_1')
  assert.equal(sayParty({ kind: 'holdfast', id: null, label: null }), 'Holdfast')
  assert.equal(sayParty({ kind: 'robot', id: '', label: null }), 'robot')
})
