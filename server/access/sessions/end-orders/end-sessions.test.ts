import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseOutage, type DatabaseServer } from '../../../platform/database/index.ts'
import { callWith, openRig, otp, person } from '../testing.ts'

const MANY = 620

async function signInOften(rig: Awaited<ReturnType<typeof openRig>>, audience = 'account') {
  const user = person()
  for (let index = 0; index < MANY; index++) await rig.sessions.issue(callWith(), { user, ...otp, audience })
  return user
}

test('a person with hundreds of sessions is signed out of all of them, and every verifier is told of each', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const user = await signInOften(rig)
  const heard = new Set<string>()
  rig.sessions.feed.onRevocation((event) => heard.add(event.session_id))
  assert.equal(await rig.sessions.endAll({ userId: user.id, reason: 'revoked', by: 'usr_admin' }), MANY)
  assert.equal(heard.size, MANY)
  assert.deepEqual(await rig.sessions.list({ userId: user.id, state: 'live', limit: 1 }), [])
})

test('an end of an application that a crash interrupts is taken up again, and ends nobody who came later', async () => {
  let allowed = Number.POSITIVE_INFINITY
  const wrap = (server: DatabaseServer): DatabaseServer => ({
    ...server,
    database(purpose) {
      const real = server.database(purpose)
      if (purpose !== 'request') return real
      return {
        ...real,
        many: (statement) => real.many(statement),
        maybe: (statement) => real.maybe(statement),
        one: (statement) => real.one(statement),
        run: (statement) => real.run(statement),
        transaction: (work) =>
          allowed-- > 0 ? real.transaction(work) : Promise.reject(new DatabaseOutage('failed', 'cut by the test')),
      }
    },
  })
  await using rig = await openRig({ wrap })
  await rig.sessions.catchUp()
  const user = await signInOften(rig, 'app_gone')
  allowed = 1
  const order = { whose: { audience: 'app_gone' }, reason: 'revoked', by: 'usr_admin' } as const
  await assert.rejects(rig.sessions.endAllOf(order), DatabaseOutage)
  allowed = Number.POSITIVE_INFINITY
  assert.notEqual((await rig.sessions.list({ userId: user.id, state: 'live', limit: 1 })).length, 0)

  rig.clock.advance(3 * 60_000)
  const later = await rig.sessions.issue(callWith(), { user: person(), ...otp, audience: 'app_gone' })
  await rig.sessions.catchUp()
  const live = await rig.sessions.list({ audience: 'app_gone', state: 'live', limit: 5 })
  assert.deepEqual(
    live.map((row) => row.id),
    [later.session.id],
  )
})
