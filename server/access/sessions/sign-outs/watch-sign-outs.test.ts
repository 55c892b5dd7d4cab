import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestSignals } from '../../../ground/signals/index.ts'
import { onOneConnection } from '../../../platform/database/index.ts'
import { callWith, keep, openRig, otp, person, sessionsDatabase } from '../testing.ts'

const MINUTE_MS = 60_000
const KINDS = ['sign-outs.unusual', 'sign-outs.unexplained', 'sign-outs.usual-again']

async function signIn(rig: Awaited<ReturnType<typeof openRig>>) {
  const { session, cookies } = await rig.sessions.issue(callWith(), { user: person(), ...otp })
  return { session, jar: keep({}, cookies) }
}

test('a wipe of the session table is noticed within two minutes at one request a minute, as one alarm', async () => {
  await using store = await sessionsDatabase()
  await using rig = await openRig({ databaseUrl: store.databaseUrl })
  await rig.sessions.catchUp()
  const people = []
  for (let index = 0; index < 4; index++) people.push(await signIn(rig))
  for (const { jar } of people) assert.equal((await rig.sessions.verify(callWith(jar))).verdict, 'valid')
  await rig.sessions.catchUp()
  assert.deepEqual(rig.sessions.signOuts().episodes, [])

  // As the owner of the tables, by mistake: what access's own role cannot do.
  await onOneConnection(store.ownerUrl, 5000, (db) => db.run({ text: 'truncate sessions.session cascade', values: [] }))
  const wipedAt = rig.clock.now().getTime()
  let noticedMs: number | undefined
  for (const { jar } of people) {
    rig.clock.advance(MINUTE_MS)
    await rig.sessions.verify(callWith(jar))
    await rig.sessions.catchUp()
    if (rig.sessions.signOuts().episodes.length > 0) noticedMs ??= rig.clock.now().getTime() - wipedAt
  }
  assert.ok(noticedMs !== undefined && noticedMs <= 2 * MINUTE_MS, `noticed after ${noticedMs} ms`)
  const db = rig.database.database('background')
  const said = await newestSignals(db, KINDS, 10)
  assert.deepEqual(
    said.map((signal) => [signal.kind, signal.facts.class]),
    [['sign-outs.unexplained', 'unexplained']],
  )

  for (let minute = 0; minute < 20; minute++) {
    rig.clock.advance(MINUTE_MS)
    await rig.sessions.catchUp()
  }
  assert.deepEqual(rig.sessions.signOuts().episodes, [])
  const [last] = await newestSignals(db, KINDS, 10)
  assert.equal(last?.kind, 'sign-outs.usual-again')
})

test('ends are counted once by however many processes watch, and a restart counts nothing again', async () => {
  await using store = await sessionsDatabase()
  await using one = await openRig({ databaseUrl: store.databaseUrl })
  await using other = await openRig({ databaseUrl: store.databaseUrl, clock: one.clock })
  for (let index = 0; index < 3; index++) {
    const { session } = await signIn(one)
    await one.sessions.end({ sessionId: session.id, reason: 'signed_out', by: session.user.id })
  }
  one.clock.advance(1000)
  await Promise.all([one.sessions.catchUp(), other.sessions.catchUp()])
  await one.restart()
  await one.sessions.catchUp()
  one.clock.advance(1000)
  await other.sessions.catchUp()
  assert.equal(other.sessions.signOuts().lastHour, 3)
})
