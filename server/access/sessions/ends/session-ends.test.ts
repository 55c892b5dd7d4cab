import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertEpisode } from '../sign-outs/queries.ts'
import { callWith, faulty, HOUR_MS, keep, openRig, otp, person } from '../testing.ts'

type Rig = Awaited<ReturnType<typeof openRig>>
async function signIn(rig: Rig, user = person()) {
  const { session, cookies } = await rig.sessions.issue(callWith(), { user, ...otp })
  return { user, session, jar: keep({}, cookies) }
}
const asked = (more: Partial<Parameters<Rig['sessions']['lookUpEnds']>[0]>) => ({
  windowMs: HOUR_MS / 2,
  limit: 10,
  ...more,
})
const noName = () => null

test('an end is told with its reason, its author by name, the browser it was ended from, and what verifiers said', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const one = await signIn(rig)
  const other = await signIn(rig, one.user)
  const admin = await signIn(rig, person('Sam'))
  await rig.sessions.verify(callWith(one.jar))
  rig.clock.advance(90_000)
  await rig.sessions.end({
    sessionId: one.session.id,
    reason: 'signed_out_elsewhere',
    by: one.user.id,
    inSessionId: other.session.id,
  })
  await rig.sessions.end({ sessionId: other.session.id, reason: 'revoked', by: admin.user.id })
  await rig.sessions.verify(callWith(one.jar))
  rig.clock.advance(90_000)
  await rig.sessions.catchUp()

  const { data, still_live } = await rig.sessions.lookUpEnds(asked({ userId: one.user.id }), noName)
  const ends = new Map(data.map((end) => [end.session_id, end]))
  assert.deepEqual(ends.get(one.session.id)?.ended_by, {
    kind: 'person',
    id: one.user.id,
    label: 'the person, from Firefox on Linux',
    device: 'Firefox on Linux',
  })
  const revoked = ends.get(other.session.id)!
  assert.equal(revoked.sentence, 'Ended by an administrator.')
  assert.deepEqual([revoked.ended_by?.kind, revoked.ended_by?.label], ['staff', 'Sam'])
  assert.equal(revoked.is_usual, true)
  const [process_] = revoked.verifiers.access
  const said = (verdict: string) => process_?.verdicts.find((each) => each.verdict === verdict)
  assert.equal(said('valid')?.count, 1)
  assert.equal(said('invalid')?.reason, 'signed_out_elsewhere')
  assert.deepEqual(still_live, [])
})

test('who was asked to sign in during an outage was not signed out, and is told so', async () => {
  const fault = faulty()
  await using rig = await openRig({ wrap: fault.wrap })
  await rig.sessions.catchUp()
  const { user, session } = await signIn(rig)
  fault.state.isAway = true
  const stranger = callWith({ hf_session: 'C'.repeat(43) })
  for (let index = 0; index < 3; index++) await rig.sessions.verify(stranger)
  rig.clock.advance(5 * 60_000)
  fault.state.isAway = false
  await rig.sessions.catchUp()

  const { data, still_live } = await rig.sessions.lookUpEnds(asked({ userId: user.id }), noName)
  assert.deepEqual(data, [])
  assert.equal(still_live[0]?.session_id, session.id)
  assert.equal(
    still_live[0]?.sentence,
    'This session has not ended; in that time 3 answers were unknown, most of them because the database did not answer.',
  )
  assert.equal(still_live[0]?.verifiers.outages.length, 1, 'the blind spot is shown')
  const byId = await rig.sessions.lookUpEnds(asked({ sessionId: session.id }), noName)
  assert.equal(byId.data[0]?.ended_at, null)
})

test('what applications tell of their verifiers stands beside the end, once however often it is told', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const { user, session } = await signIn(rig)
  const minute = new Date(Math.floor(rig.clock.now().getTime() / 60_000) * 60_000).toISOString()
  const report = (count: number) => ({
    instance: 'web-1',
    minutes: [{ minute, counts: { 'unknown/access_unreachable/': count }, lag_ms: 90_000, away_ms: 30_000 }],
  })
  assert.equal(await rig.sessions.reports.take('app_notes', report(4)), 1)
  assert.equal(await rig.sessions.reports.take('app_notes', report(7)), 1)
  await rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  rig.clock.advance(60_000)
  const { data } = await rig.sessions.lookUpEnds(asked({ userId: user.id }), () => 'Acme Notes')
  assert.deepEqual(data[0]?.verifiers.applications[0]?.application, { id: 'app_notes', name: 'Acme Notes' })
  const [instance] = data[0]?.verifiers.applications[0]?.instances ?? []
  assert.deepEqual(instance?.verdicts, [{ verdict: 'unknown', reason: 'access_unreachable', source: null, count: 7 }])
  assert.deepEqual([instance?.lag_ms, instance?.access_away_ms], [90_000, 30_000])

  for (let index = 0; index < 4; index++) await rig.sessions.reports.take('app_notes', report(7))
  await assert.rejects(rig.sessions.reports.take('app_notes', report(7)), { code: 'sessions.reports_too_often' })
})

test('ends are paged without a gap, and found around a time', async () => {
  await using rig = await openRig()
  const user = person()
  const ids: string[] = []
  for (let index = 0; index < 5; index++) {
    const { session } = await signIn(rig, user)
    rig.clock.advance(1000)
    await rig.sessions.end({ sessionId: session.id, reason: 'signed_out', by: user.id })
    ids.unshift(session.id)
  }
  const seen: string[] = []
  let before: { endedAt: Date; id: string } | undefined
  for (;;) {
    const page = await rig.sessions.lookUpEnds(asked({ userId: user.id, limit: 2, before }), noName)
    seen.push(...page.data.map((end) => end.session_id))
    if (!page.next_cursor) break
    const [at, id] = Buffer.from(page.next_cursor, 'base64url').toString().split(' ')
    before = { endedAt: new Date(at!), id: id! }
  }
  assert.deepEqual(seen, ids)
  const none = await rig.sessions.lookUpEnds(asked({ at: new Date(rig.clock.now().getTime() - 9 * HOUR_MS) }), noName)
  assert.deepEqual(none.data, [])
})

test('ended sessions are kept for their time and then deleted, handles and all; live ones stay', async () => {
  await using rig = await openRig({ lifeMs: 400 * 24 * HOUR_MS, idleMs: 400 * 24 * HOUR_MS })
  const gone = await signIn(rig)
  const stays = await signIn(rig)
  await rig.sessions.end({ sessionId: gone.session.id, reason: 'signed_out', by: gone.user.id })
  rig.clock.advance(89 * 24 * HOUR_MS)
  assert.equal(await rig.sessions.deleteEnded(), 0)
  rig.clock.advance(2 * 24 * HOUR_MS)
  assert.equal(await rig.sessions.deleteEnded(), 1)
  await assert.rejects(rig.sessions.lookUpEnds(asked({ sessionId: gone.session.id }), noName), {
    code: 'sessions.no_such_end',
    message: /ended more than 90 days ago, or never existed/,
  })
  assert.ok(await rig.sessions.find(stays.session.id))
})

test('an end that falls into an unusual time brings what was unusual about it', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const one = await signIn(rig)
  const admin = await signIn(rig, person('Sam'))
  const episode = { id: 'epi_1', class: 'administrator', began_at: rig.clock.now(), counted: 412, usual: 6.5 } as const
  await insertEpisode(rig.database.database('background'), {
    ...episode,
    noticed_at: rig.clock.now(),
    quiet_since: null,
    over_at: null,
  })
  rig.clock.advance(60_000)
  await rig.sessions.end({ sessionId: one.session.id, reason: 'revoked', by: admin.user.id })

  const { data, episodes } = await rig.sessions.lookUpEnds(asked({ sessionId: one.session.id }), noName)
  assert.equal(data[0]?.is_usual, false)
  assert.deepEqual(episodes, [{ ...episode, began_at: episode.began_at.toISOString(), over_at: null }])
})
