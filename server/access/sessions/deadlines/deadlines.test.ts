import assert from 'node:assert/strict'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isFailOver, verifyProof } from '../../../../sdk/verify.ts'
import { candidatesToEnd } from '../queries.ts'
import { callWith, faulty, HOUR_MS, type Jar, keep, openRig, otp, person, type SessionsRig } from '../testing.ts'

const MINUTE_MS = 60_000
const STANDS_IN = { standsInFor: 'prv_down', lifeMs: 8 * HOUR_MS }

async function enter(rig: SessionsRig, more: object = STANDS_IN, { user = person(), jar = {} as Jar } = {}) {
  const { session, cookies } = await rig.sessions.issue(callWith(jar), { user, ...otp, ...more })
  return { session, user, jar: keep(jar, cookies) }
}

const handleOf = (jar: Jar): Jar => Object.fromEntries(Object.entries(jar).filter(([name]) => name.includes('session')))
const proofOf = (jar: Jar) => Object.entries(jar).find(([name]) => name.includes('proof'))![1]
const inMinutes = (rig: SessionsRig, minutes: number) => new Date(rig.clock.now().getTime() + minutes * MINUTE_MS)

test('a session of fail-over is marked in amr, lives as long as the policy says, and its proof says so', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const { session, jar } = await enter(rig)
  assert.deepEqual(session.amr, ['otp', 'failover'])
  assert.equal(Date.parse(session.expires_at!) - rig.clock.now().getTime(), 8 * HOUR_MS)
  const seen = verifyProof(proofOf(jar), { keys: rig.sessions.keys.published(), nowMs: rig.clock.now().getTime() })
  assert.ok(seen.outcome === 'good' && isFailOver(seen.claims))
})

test('past its deadline a session of fail-over is invalid, reason failover_ended, and among those that are ended for good', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const { session, jar } = await enter(rig)
  const ordinary = await enter(rig, {})
  const other = await enter(rig, { ...STANDS_IN, standsInFor: 'prv_other' })
  const put = { standsInFor: 'prv_down', at: inMinutes(rig, 15) }
  assert.equal(await rig.sessions.failOver.putDeadline(put), 1)
  assert.equal(await rig.sessions.failOver.putDeadline(put), 0, 'once')
  const before = await rig.sessions.verify(callWith(handleOf(jar)))
  assert.equal(before.verdict === 'valid' && before.session.due_at, put.at.toISOString())
  rig.clock.advance(15 * MINUTE_MS)
  const after = await rig.sessions.verify(callWith(handleOf(jar)))
  assert.deepEqual([after.verdict, after.verdict === 'invalid' && after.reason], ['invalid', 'failover_ended'])
  for (const { jar: others } of [ordinary, other]) {
    assert.equal((await rig.sessions.verify(callWith(handleOf(others)))).verdict, 'valid')
  }
  const db = rig.database.database('background')
  const over = await candidatesToEnd(db, rig.clock.now(), 10)
  assert.deepEqual(
    over.map(({ id }) => id),
    [session.id],
  )
})

test('proofs of a session of fail-over end with its deadline, and get no grace in an outage', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  await rig.sessions.catchUp()
  const { jar } = await enter(rig)
  await rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: inMinutes(rig, 3) })
  const { cookies } = await rig.sessions.prove(callWith(jar))
  const renewed = keep(jar, cookies)
  const seen = verifyProof(proofOf(renewed), { keys: rig.sessions.keys.published(), nowMs: rig.clock.now().getTime() })
  assert.ok(seen.outcome === 'good')
  assert.ok(seen.claims.exp * 1000 <= inMinutes(rig, 3).getTime(), 'renewed, and cut short')

  const late = await enter(rig)
  state.isAway = true
  await rig.restart()
  rig.clock.advance(4 * MINUTE_MS)
  assert.equal((await rig.sessions.verify(callWith(renewed))).verdict, 'unknown')
  assert.equal((await rig.sessions.verify(callWith(late.jar))).verdict, 'valid')
  rig.clock.advance(2 * MINUTE_MS)
  assert.equal((await rig.sessions.verify(callWith(late.jar))).verdict, 'unknown', 'an ordinary one has fifteen more')
})

test('a full round-trip makes it an ordinary session with its whole life, whatever was announced before', async () => {
  await using rig = await openRig({ lifeMs: 24 * HOUR_MS })
  await rig.sessions.catchUp()
  const entered = await enter(rig)
  await rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: inMinutes(rig, 15) })
  rig.clock.advance(5 * MINUTE_MS)
  const proven = await enter(rig, { amr: ['fed'], provenBy: 'prv_down' }, entered)
  assert.equal(proven.session.id, entered.session.id)
  assert.deepEqual([proven.session.amr, proven.session.due_at], [['fed'], undefined])
  rig.clock.advance(9 * HOUR_MS)
  const row = await rig.sessions.find(entered.session.id)
  assert.deepEqual([row?.stands_in_for, row?.proven_by, row?.due_at], [null, 'prv_down', null])
  assert.equal(row!.expires_at.getTime() - row!.created_at.getTime(), 24 * HOUR_MS)

  // Down again: the deadline of the first time speaks of the first time.
  const again = await enter(rig, STANDS_IN, { ...proven })
  assert.equal(again.session.id, entered.session.id)
  await rig.sessions.catchUp()
  const answer = await rig.sessions.verify(callWith(handleOf(again.jar)))
  assert.equal(answer.verdict, 'valid')
  assert.ok(Date.parse(again.session.expires_at!) <= rig.clock.now().getTime() + 8 * HOUR_MS)
})

test('down again before they are due, the deadline is lifted, and those that passed stay ended', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const early = await enter(rig)
  await rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: inMinutes(rig, 5) })
  const late = await enter(rig)
  await rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: inMinutes(rig, 15) })
  rig.clock.advance(6 * MINUTE_MS)
  assert.equal(await rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: null }), 1)
  rig.clock.advance(30 * MINUTE_MS)
  assert.equal((await rig.sessions.verify(callWith(handleOf(late.jar)))).verdict, 'valid')
  assert.equal((await rig.sessions.verify(callWith(handleOf(early.jar)))).verdict, 'invalid')
})

test('a deadline is told and can be read on from, and a restart in an outage forgets none', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  await rig.sessions.catchUp()
  const { session } = await enter(rig)
  const heard: (string | null)[] = []
  rig.sessions.feed.onDeadline(({ session_id, due_at }) => heard.push(session_id, due_at))
  const at = inMinutes(rig, 15)
  await rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at })
  assert.deepEqual(heard, [session.id, at.toISOString()])
  const [missed] = rig.sessions.feed.after(0)
  assert.ok(missed && 'due_at' in missed && missed.due_at === at.toISOString())
  state.isAway = true
  await rig.restart()
  assert.deepEqual(rig.sessions.feed.after(0), [missed])
  assert.equal(rig.sessions.feed.position().seq, missed.seq)
})

test('what one process puts, another reads on from the same numbers, and answers by', async () => {
  await using one = await openRig()
  await using other = await openRig({ databaseUrl: one.databaseUrl, clock: one.clock })
  await one.sessions.catchUp()
  await other.sessions.catchUp()
  const entered = await enter(one)
  assert.equal((await other.sessions.verify(callWith(handleOf(entered.jar)))).verdict, 'valid')
  const gone = await enter(one)
  await one.sessions.end({ sessionId: gone.session.id, reason: 'revoked', by: 'usr_admin' })
  const at = inMinutes(one, 15)
  await one.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at })
  await other.sessions.feed.readOn()
  const [first, second] = other.sessions.feed.after(0)
  assert.ok(first && 'reason' in first && second && 'due_at' in second)
  assert.deepEqual([first.seq, second.seq, other.sessions.feed.position().seq], [1, 2, 2])
  const answer = await other.sessions.verify(callWith(handleOf(entered.jar)))
  assert.equal(answer.verdict === 'valid' && answer.session.due_at, at.toISOString())
})

test('a row that says when a session is due is believed over a lifting that was heard before it', async () => {
  await using one = await openRig()
  await using other = await openRig({ databaseUrl: one.databaseUrl, clock: one.clock })
  await one.sessions.catchUp()
  await other.sessions.catchUp()
  const { jar } = await enter(one)
  await one.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: inMinutes(one, 15) })
  await one.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: null })
  await other.sessions.feed.readOn()
  one.clock.advance(60_000)
  await one.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at: inMinutes(one, 15) })
  const handle = handleOf(jar)
  assert.equal((await other.sessions.verify(callWith(handle))).verdict, 'valid')
  one.clock.advance(15 * MINUTE_MS)
  const answer = await other.sessions.verify(callWith(handle))
  assert.equal(answer.verdict === 'invalid' && answer.reason, 'failover_ended')
})

test('ends and deadlines are told in the order of their numbers, and a crash between their files loses neither', async () => {
  await using one = await openRig()
  await using other = await openRig({ databaseUrl: one.databaseUrl, clock: one.clock })
  await one.sessions.catchUp()
  await other.sessions.catchUp()
  const heard: number[] = []
  other.sessions.feed.onRevocation(({ seq }) => void heard.push(seq))
  other.sessions.feed.onDeadline(({ seq }) => void heard.push(seq))
  for (const id of ['prv_1', 'prv_2']) {
    await enter(one, { ...STANDS_IN, standsInFor: id })
    await one.sessions.failOver.putDeadline({ standsInFor: id, at: inMinutes(one, 15) })
    const { session } = await enter(one, {})
    await one.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  }
  await other.sessions.feed.readOn()
  assert.deepEqual(heard, [1, 2, 3, 4])
  for (const file of ['deadlines.jsonl', 'revocations.jsonl']) {
    await truncate(join(other.folder, file))
    await other.restart()
    await other.sessions.feed.readOn()
    const seqs = other.sessions.feed.after(0).map(({ seq }) => seq)
    assert.deepEqual(seqs, [1, 2, 3, 4], file)
  }
})

test('of several processes that put a deadline at once, each session gets it from one', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  for (let count = 0; count < 40; count++) await enter(rig)
  const at = inMinutes(rig, 15)
  const puts = await Promise.all(
    Array.from({ length: 4 }, () => rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at })),
  )
  assert.equal(
    puts.reduce((sum, put) => sum + put),
    40,
  )
  assert.deepEqual(await rig.sessions.failOver.stoodInFor(), [
    { provider_id: 'prv_down', is_open: false, is_due: true },
  ])
})

test('whoever may not be let in another way any more loses what they were let into, and nothing else', async () => {
  await using rig = await openRig()
  await rig.sessions.catchUp()
  const { user, session } = await enter(rig)
  const ordinary = await enter(rig, {}, { user })
  const another = await enter(rig, { standsInFor: 'prv_another' }, { user })
  const whose = { userId: user.id, standsInFor: 'prv_down', reason: 'failover_ended', by: 'holdfast' } as const
  const undone = rig.database.database('background').transaction(async (db) => {
    assert.equal((await rig.sessions.failOver.endWithin(db, whose)).ended, 1)
    throw new Error('what said so is not kept')
  })
  await assert.rejects(undone)
  assert.equal((await rig.sessions.find(session.id))?.ended_at, null, 'with what says so, or not at all')
  const { tell } = await rig.database
    .database('background')
    .transaction((db) => rig.sessions.failOver.endWithin(db, whose))
  await tell()
  assert.equal((await rig.sessions.find(session.id))?.end_reason, 'failover_ended')
  assert.equal((await rig.sessions.find(another.session.id))?.ended_at, null)
  assert.equal((await rig.sessions.find(ordinary.session.id))?.ended_at, null)
})

test('a session that goes on leaves an organisation that does not take the way in which the person came now', async () => {
  await using rig = await openRig()
  const organization = (id: string) => () => Promise.resolve({ id, roles: ['member'] })
  const entered = await enter(rig, { organization: organization('org_strict') })
  const stays = await enter(rig, { organization: organization('org_other'), mayActFor: () => true }, entered)
  assert.equal(stays.session.organization_id, 'org_strict')
  const leaves = await enter(rig, { organization: organization('org_other'), mayActFor: () => false }, entered)
  assert.equal(leaves.session.organization_id, 'org_other')
  assert.equal((await rig.sessions.find(entered.session.id))?.organization_id, 'org_other')
})
