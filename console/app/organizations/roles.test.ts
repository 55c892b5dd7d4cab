import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rolesComplaint } from './roles.ts'

test('roles are the given ones and words of the product', () => {
  assert.equal(rolesComplaint(['owner', 'billing', 'read_only-2']), undefined)
})

test('what is no role is named', () => {
  assert.match(rolesComplaint(['member', 'Billing Team']) ?? '', /“Billing Team” is no role/)
  assert.match(rolesComplaint([]) ?? '', /at least one/)
  assert.match(rolesComplaint(Array.from({ length: 21 }, (_, at) => `r${at}`)) ?? '', /at most 20/)
})
