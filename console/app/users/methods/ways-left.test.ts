import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LinkedIdentity, Passkey, SignInMethods } from '../../api/wire/fail-over.ts'
import { isLastPasskey, waysLeft } from './ways-left.ts'

const passkey = (id: string, change: Partial<Passkey> = {}) =>
  ({ id, name: `Key ${id}`, is_confirmed: true, is_copied: false, ...change }) as Passkey
const linked = (id: string, name: string | null) => ({ id, provider: { id: 'prv_1', name } }) as LinkedIdentity
const methods = (change: Partial<SignInMethods>): SignInMethods => ({
  email: { address: 'ana@acme.test', proved_at: '2026-11-21T10:42:00Z', asserted_by: null, asserted_at: null },
  passkeys: [],
  linked_identities: [],
  recovery_codes_left: 0,
  ...change,
})

test('what is left without a way is said in words, the strongest first, and the mailbox is always the last', () => {
  const all = methods({ passkeys: [passkey('1'), passkey('2')], linked_identities: [linked('lid_1', 'Auth0')] })
  assert.deepEqual(waysLeft(all, '1'), ['the passkey Key 2', 'Auth0', 'a code to ana@acme.test'])
  assert.deepEqual(waysLeft(all, 'lid_1'), ['the passkey Key 1', 'the passkey Key 2', 'a code to ana@acme.test'])
  const { email } = all
  const unproved = methods({ email: { ...email, proved_at: null } })
  assert.deepEqual(waysLeft(unproved, 'x'), ['a code to ana@acme.test, which nobody has proved yet'])
})

test('what opens nothing is not counted as a way: a copied passkey, one from a backup, a provider that was removed', () => {
  const passkeys = [passkey('1'), passkey('2', { is_copied: true }), passkey('3', { is_confirmed: false })]
  const all = methods({ passkeys, linked_identities: [linked('lid_1', null)] })
  assert.deepEqual(waysLeft(all, '1'), ['a code to ana@acme.test'])
  assert.deepEqual([isLastPasskey(all, '1'), isLastPasskey(all, '2')], [true, false])
  assert.equal(isLastPasskey(methods({ passkeys: [passkey('1'), passkey('4')] }), '1'), false)
})
