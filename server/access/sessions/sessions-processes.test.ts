import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { makeTestFolder, removeTestFolder, type TestDatabase } from '../../platform/testing/index.ts'
import { callWith, fakeClock, HOUR_MS, keep, openRig, otp, person, sessionsDatabase } from './testing.ts'

/** Two access processes of one installation: one database, one clock on the wall, each its own memory and disk. */
async function openTwo(options: { idleMs?: number } = {}) {
  const database: TestDatabase = await sessionsDatabase()
  const clock = fakeClock()
  const folders = [await makeTestFolder(), await makeTestFolder()] as const
  const open = (folder: string) =>
    openRig({ ...options, clock, databaseUrl: database.databaseUrl, folder: join(folder, 'access') })
  const [one, other] = await Promise.all([open(folders[0]), open(folders[1])])
  await Promise.all([one.sessions.catchUp(), other.sessions.catchUp()])
  return {
    one,
    other,
    clock,
    database,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
      await database.drop()
      for (const folder of folders) removeTestFolder(folder)
    },
  }
}

test('who signed in at one process is known at the other, and what one ended the other refuses once it has read on', async () => {
  await using two = await openTwo()
  const { session, cookies } = await two.one.sessions.issue(callWith(), { user: person(), ...otp })
  const jar = keep({}, cookies)
  assert.equal((await two.other.sessions.verify(callWith(jar))).verdict, 'valid')

  await two.one.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  await two.other.sessions.catchUp()
  const answer = await two.other.sessions.verify(callWith(jar))
  assert.ok(answer.verdict === 'invalid')
  assert.equal(answer.reason, 'revoked')
})

test('processes that start together agree on the keys, and each verifies what the other signed', async () => {
  await using two = await openTwo()
  const { cookies } = await two.one.sessions.issue(callWith(), { user: person(), ...otp })
  const { hf_proof } = keep({}, cookies)
  assert.equal((await two.other.sessions.verify(callWith({ hf_proof: hf_proof! }))).verdict, 'valid')
  assert.deepEqual(two.one.sessions.keys.published(), two.other.sessions.keys.published())
  assert.deepEqual(
    two.one.sessions.keys
      .list()
      .map((key) => key.state)
      .sort(),
    ['active', 'next'],
  )
})

test('who is busy at one process is not idle at the other', async () => {
  await using two = await openTwo({ idleMs: HOUR_MS })
  const { cookies } = await two.one.sessions.issue(callWith(), { user: person(), ...otp })
  const jar = keep({}, cookies)
  await two.one.sessions.verify(callWith(jar))
  two.clock.advance(50 * 60_000)
  await two.other.sessions.verify(callWith(jar))
  await two.other.sessions.catchUp()
  two.clock.advance(50 * 60_000)
  await two.one.sessions.catchUp()
  assert.equal((await two.one.sessions.verify(callWith(jar))).verdict, 'valid')
})

test('who does nothing anywhere for longer than the idle limit is signed out, with that reason', async () => {
  await using two = await openTwo({ idleMs: HOUR_MS })
  const { cookies } = await two.one.sessions.issue(callWith(), { user: person(), ...otp })
  const jar = keep({}, cookies)
  two.clock.advance(70 * 60_000)
  await two.one.sessions.catchUp()
  const closed = await two.one.sessions.verify(callWith(jar))
  assert.equal(closed.verdict, 'valid', 'nobody took the pulse in between: that hour is blind')

  // Every twenty seconds both take the pulse: now the time is seen, and counts.
  for (let round = 0; round < 70 * 3; round++) {
    two.clock.advance(20_000)
    await Promise.all([two.one.sessions.catchUp(), two.other.sessions.catchUp()])
  }
  const answer = await two.one.sessions.verify(callWith(jar))
  assert.ok(answer.verdict === 'invalid')
  assert.equal(answer.reason, 'idle')
})

test('a database that was put back to an earlier state resurrects nobody here, and its new ends are still heard', async () => {
  await using two = await openTwo()
  const [gone, next] = [person('Ana'), person('Bo')]
  const first = await two.one.sessions.issue(callWith(), { user: gone, ...otp })
  const second = await two.one.sessions.issue(callWith(), { user: next, ...otp })
  await two.one.sessions.end({ sessionId: first.session.id, reason: 'revoked', by: 'usr_admin' })
  await two.other.sessions.catchUp()

  await asOwner(
    two.database.ownerUrl,
    `
    delete from sessions.revocation; update sessions.revocation_head set seq = 0;
    update sessions.session set ended_at = null, end_reason = null, ended_by = null`,
  )
  assert.equal((await two.other.sessions.verify(callWith(keep({}, first.cookies)))).verdict, 'invalid')
  await two.one.sessions.end({ sessionId: second.session.id, reason: 'revoked', by: 'usr_admin' })
  await two.other.sessions.catchUp()
  assert.equal((await two.other.sessions.verify(callWith(keep({}, second.cookies)))).verdict, 'invalid')
})

test('ends that a promoted replica had lost are told to the database again, and new ends get numbers nobody has heard', async () => {
  await using two = await openTwo()
  const issue = (name: string) => two.one.sessions.issue(callWith(), { user: person(name), ...otp })
  const [lost, reused, later] = [await issue('Ana'), await issue('Bo'), await issue('Cy')]
  await two.one.sessions.end({ sessionId: lost.session.id, reason: 'revoked', by: 'usr_admin' })
  await two.one.sessions.catchUp()
  // The other process has heard nothing of it; and before anybody reads on, its number is given to another end.
  await asOwner(
    two.database.ownerUrl,
    `
    delete from sessions.revocation; update sessions.revocation_head set seq = 0;
    update sessions.session set ended_at = null, end_reason = null, ended_by = null`,
  )
  await two.other.sessions.end({ sessionId: reused.session.id, reason: 'signed_out', by: 'usr_bo' })

  await two.one.sessions.catchUp()
  await two.one.sessions.end({ sessionId: later.session.id, reason: 'revoked', by: 'usr_admin' })
  for (const process of [two.one, two.other]) {
    await process.sessions.catchUp()
    for (const [session, reason] of [
      [lost, 'revoked'],
      [reused, 'signed_out'],
      [later, 'revoked'],
    ] as const) {
      const answer = await process.sessions.verify(callWith(keep({}, session.cookies)))
      assert.equal(answer.verdict, 'invalid')
      assert.equal((answer as { reason: string }).reason, reason)
    }
  }
  const { rows } = await asOwner(
    two.database.ownerUrl,
    'select seq::float8 as seq, session_id from sessions.revocation order by seq',
  )
  const beyond = rows.filter(({ seq }) => seq > 1_000_000).map(({ session_id }) => session_id)
  assert.deepEqual(new Set(beyond), new Set([lost, reused, later].map(({ session }) => session.id)))
  await two.one.sessions.catchUp()
  const head = await asOwner(two.database.ownerUrl, 'select seq::float8 as seq from sessions.revocation_head')
  assert.ok(head.rows[0].seq < 2_000_000, 'it was told once')
})

async function asOwner(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 })
  await client.connect()
  const result = await client.query(text)
  await client.end()
  return result
}
