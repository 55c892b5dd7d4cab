import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answering, asked, dropping, holdfast, openDouble } from '../testing.ts'

const ANA = 'ana@acme.example'
const passkey = { name: 'YubiKey 5C', is_confirmed: true, is_copied: false, last_used_at: null }
const identity = {
  id: 'lid_1',
  provider: { id: 'prv_1', name: 'Auth0' },
  subject: 'auth0|5f7c',
  last_proved_at: '2026-11-20T08:00:00Z',
  closed_at: '2026-11-21T08:00:00Z',
  closed_reason: 'administrator',
}
const methods = {
  email: { address: ANA, proved_at: '2026-10-01T08:00:00Z', asserted_by: null, asserted_at: null },
  passkeys: [
    { ...passkey, id: 'psk_1', name: 'YubiKey\u001b 5C' },
    { ...passkey, id: 'psk_2', name: 'Phone', is_copied: true, last_used_at: '2026-11-21T09:00:00Z' },
  ],
  linked_identities: [identity],
  recovery_codes_left: 3,
}
const found = answering(200, { data: [{ id: 'usr_1', email: ANA }], next_cursor: null })
const listed = answering(200, methods)

test('by what somebody can sign in is a table, asked by their id or their address; --json has it whole', async (t) => {
  const double = await openDouble(t, found, listed)
  const shown = await holdfast(['users', 'sign-in-methods', ANA], asked(double.url))
  assert.equal(shown.status, 0, shown.stderr)
  assert.deepEqual(
    double.heard.map(({ path }) => path),
    ['/v1/users?query=ana%40acme.example&limit=2', '/v1/users/usr_1/sign-in-methods'],
  )
  assert.match(shown.stdout, /^way +id +name +last used +state\npasskey +psk_1 +YubiKey {2}5C +– +open\n/)
  assert.match(shown.stdout, /psk_2 +Phone +2026-11-21T09:00:00Z +seems copied: opens nothing\n/)
  assert.match(shown.stdout, /identity +lid_1 +Auth0: auth0\|5f7c .* closed for outages: administrator\n/)
  assert.match(shown.stdout, /mailbox +– +ana@acme\.example +– +proved\nrecovery codes .* 3 left\n$/)
  const whole = await holdfast(['users', 'sign-in-methods', 'usr_1', '--json'], asked(double.url))
  assert.deepEqual(JSON.parse(whole.stdout), methods)
})

test('an address means this very one: what only begins like it is refused before anything is touched', async (t) => {
  const other = answering(200, { data: [{ id: 'usr_2', email: `${ANA}s` }], next_cursor: null })
  const double = await openDouble(t, answering(200, { data: [], next_cursor: null }), other)
  for (const calls of [1, 2]) {
    const refused = await holdfast(['users', 'remove-passkey', ANA, 'psk_1', '--yes'], asked(double.url))
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, /nobody is known by ana@acme\.example/)
    assert.equal(double.heard.length, calls)
  }
})

test('a passkey is removed only by a yes, after it was said what is left', async (t) => {
  const double = await openDouble(t, listed, listed, answering(204))
  const remove = ['users', 'remove-passkey', 'usr_1', 'psk_1']
  const unsure = await holdfast(remove, asked(double.url))
  assert.equal(unsure.status, 2)
  assert.match(
    unsure.stderr,
    /removes the passkey YubiKey {2}5C of ana@acme\.example: .* still get in by Auth0 or a code to ana@acme\.example\. It is their last passkey: .*--yes\. Nothing was done\.\n$/,
  )
  const done = await holdfast([...remove, '--yes'], asked(double.url))
  assert.equal(done.status, 0, done.stderr)
  assert.match(done.stdout, /^Done: the passkey YubiKey {2}5C of ana@acme\.example is removed\. /m)
  const [first, second, third] = double.heard.map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual([first, second], Array(2).fill('GET /v1/users/usr_1/sign-in-methods'))
  assert.equal(third, 'DELETE /v1/users/usr_1/passkeys/psk_1')
})

test('a removal whose answer was lost is done when what it removed is gone', async (t) => {
  const gone = { status: 404, code: 'identity.no_linked_identity', detail: 'There is no such linked identity.' }
  const last = answering(200, { ...methods, passkeys: [] })
  const double = await openDouble(t, last, dropping, answering(404, gone))
  const done = await holdfast(['users', 'remove-identity', 'usr_1', 'lid_1', '--yes'], asked(double.url))
  assert.equal(done.status, 0, done.stderr)
  assert.match(done.stdout, /^The last way in is then a code to ana@acme\.example\.\nDone: auth0\|5f7c at Auth0, /m)
})

test('a way that somebody does not have is not asked to be removed', async (t) => {
  const double = await openDouble(t, listed)
  const refused = await holdfast(['users', 'remove-identity', 'usr_1', 'psk_1', '--yes'], asked(double.url))
  assert.equal(refused.status, 2)
  assert.match(refused.stderr, /has no linked identity psk_1: "holdfast users sign-in-methods usr_1" lists/)
  assert.equal(double.heard.length, 1)
})

test('an identity is closed for outages with a reason, and reopened with one', async (t) => {
  const double = await openDouble(t, found, answering(200, identity))
  const close = ['users', 'close-identity', ANA, 'lid_1']
  const unsaid = await holdfast(close, asked(double.url))
  assert.match(unsaid.stderr, /needs --reason/)
  const closed = await holdfast([...close, '--reason', 'Ticket 4711'], asked(double.url))
  assert.equal(closed.status, 0, closed.stderr)
  assert.match(closed.stdout, /^closed_reason +administrator$/m)
  const reopened = await holdfast(
    ['users', 'reopen-identity', 'usr_1', 'lid_1', '--reason', 'Back', '--json'],
    asked(double.url),
  )
  assert.deepEqual(JSON.parse(reopened.stdout), identity)
  const [, first, second] = double.heard
  assert.deepEqual(
    [first!.path, first!.body],
    ['/v1/users/usr_1/linked-identities/lid_1/close', { reason: 'Ticket 4711' }],
  )
  assert.deepEqual([second!.path, second!.body], ['/v1/users/usr_1/linked-identities/lid_1/reopen', { reason: 'Back' }])
})
