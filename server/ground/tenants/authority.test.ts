import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Asker, judge, type Verdict, type Wish } from './authority.ts'

const ME = 'usr_me'
const OTHER = 'usr_other'
const as = (roles: string[] | null, more: Partial<Asker['actor']> = {}): Asker => ({
  actor: { id: ME, sessionId: null, isStaff: false, impersonatorId: null, ...more },
  roles,
})
const askers = {
  staff: as(null, { isStaff: true }),
  owner: as(['owner']),
  admin: as(['admin']),
  member: as(['member', 'billing']),
  stranger: as(null),
  'support as an owner': as(['owner'], { impersonatorId: 'usr_support' }),
}

/** In the order of the askers above. */
const table: [said: string, wish: Wish, verdicts: Verdict[]][] = [
  ['read', { to: 'read' }, ['allowed', 'allowed', 'allowed', 'allowed', 'hidden', 'allowed']],
  ['see invitations', { to: 'see invitations' }, ['allowed', 'allowed', 'allowed', 'not_manager', 'hidden', 'allowed']],
  [
    'revoke an invitation',
    { to: 'end invitations' },
    ['allowed', 'allowed', 'allowed', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'invite a member',
    { to: 'invite', roles: ['member'] },
    ['allowed', 'allowed', 'allowed', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'invite an owner',
    { to: 'invite', roles: ['owner'] },
    ['allowed', 'allowed', 'owners_only', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'make a member an admin',
    { to: 'change roles', userId: OTHER, target: ['member'], roles: ['admin'] },
    ['allowed', 'allowed', 'allowed', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'make a member an owner',
    { to: 'change roles', userId: OTHER, target: ['member'], roles: ['owner'] },
    ['allowed', 'allowed', 'owners_only', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'make an owner a member',
    { to: 'change roles', userId: OTHER, target: ['owner'], roles: ['member'] },
    ['allowed', 'allowed', 'owners_only', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'remove a member',
    { to: 'remove', userId: OTHER, target: ['member'] },
    ['allowed', 'allowed', 'allowed', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'remove an owner',
    { to: 'remove', userId: OTHER, target: ['owner'] },
    ['allowed', 'allowed', 'owners_only', 'not_manager', 'hidden', 'impersonated'],
  ],
  [
    'leave',
    { to: 'remove', userId: ME, target: ['member'] },
    ['allowed', 'allowed', 'allowed', 'allowed', 'hidden', 'impersonated'],
  ],
]

for (const [said, wish, verdicts] of table) {
  test(`who may ${said}`, () => {
    const judged = Object.entries(askers).map(([name, asker]) => [name, judge(asker, wish)])
    assert.deepEqual(
      judged,
      Object.keys(askers).map((name, index) => [name, verdicts[index]]),
    )
  })
}

test('nobody gives themselves a role that they have not, and everybody may lay one down', () => {
  const own = (asker: Asker, roles: string[]) =>
    judge(asker, { to: 'change roles', userId: ME, target: asker.roles ?? [], roles })
  assert.equal(own(as(['admin']), ['admin', 'billing']), 'own_role')
  assert.equal(own(as(['owner']), ['owner', 'billing']), 'own_role')
  assert.equal(own(as(['admin']), ['owner']), 'owners_only')
  assert.equal(own(as(['owner']), ['admin']), 'allowed')
  assert.equal(own(as(['admin', 'billing']), ['member', 'billing']), 'allowed')
  assert.equal(own(as(['member', 'billing']), ['member']), 'not_manager')
})
