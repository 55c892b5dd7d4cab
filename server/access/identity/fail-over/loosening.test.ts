import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../../../sdk/contract.ts'
import { sql } from '../../../platform/database/index.ts'
import { put } from '../organizations/testing.ts'
import { enrolledAs } from '../passkeys/passkey.ts'
import { passkeysOf } from '../passkeys/queries.ts'
import { applyWaiting } from './apply-waiting.ts'
import { assertionOf, cameBy, decideEntry } from './decide-entry.ts'
import { DUE_MS, followVerdicts } from './follow-verdicts.ts'
import type { SignInPolicy } from './policy.ts'
import { ACME, DAY_MS, enrolIn, type FailOverRig, LAX, openFailOver, STRICT, workerIn } from './testing.ts'

const ANA = 'ana@acme.test'
const HOUR_MS = 3_600_000
const CLOSED: SignInPolicy = { ...STRICT, fail_over: null }

/** The same process with a clock of its own that is off; what all share goes on as it is. */
function offBy(parts: FailOverRig['parts'], ms: number): FailOverRig['parts'] {
  const { now, monotonicMs } = parts.clock
  return { ...parts, clock: { monotonicMs, now: () => new Date(now().getTime() + ms) } }
}

async function loosen({ staff, organizationId }: FailOverRig, policy: SignInPolicy) {
  const path = `/v1/organizations/${organizationId}/sign-in-policy`
  return staff.ask('PUT', path, { policy, reason: null, epoch: 1 })
}

async function epochOf({ rig }: FailOverRig): Promise<number> {
  const { epoch } = await rig.db.one<{ epoch: number }>(sql`
    select epoch::int as epoch from identity.sign_in_policy limit 1`)
  return epoch
}

async function byCode({ rig }: FailOverRig, email: string) {
  const browser = rig.browser()
  const started = await browser.post('/v1/sign-in/email', { email })
  const { code } = await rig.mailTo(email)
  const seen = await browser.post('/v1/sign-in/email/verify', { challenge_id: started.body.challenge_id, code })
  return { browser, seen, session: seen.body.session as Session }
}

test('while a process of a release without policies runs none is saved, for it would let people in past it', async () => {
  await using world = await openFailOver(CLOSED)
  const { rig } = world
  const beat = (name: string, secondsAgo: number) =>
    rig.db.run(sql`
      insert into platform.heartbeat (process, at)
      values (${name}, clock_timestamp() - ${secondsAgo}::int * interval '1 second')
      on conflict (process) do update set at = excluded.at`)
  await beat('holdfast access 17 @one 0a1b2c3d', 2)
  const refused = await loosen(world, LAX)
  assert.deepEqual([refused.status, refused.body.code], [409, 'identity.policy_older_process'])
  await beat('holdfast access 17 @one 0a1b2c3d', 20)
  await beat('holdfast keys @one 0a1b2c3d', 1)
  await beat('holdfast access 18 @two 0a1b2c3d g2', 1)
  await beat('holdfast access 19 @two 0a1b2c3d g10', 1)
  assert.equal((await loosen(world, LAX)).status, 202)
})

test('to switch a provider off ends no outage: a looser policy waits on until it is offered again, and well', async () => {
  await using world = await openFailOver(CLOSED)
  const { rig, parts } = world
  assert.equal((await loosen(world, LAX)).status, 202)
  world.down()
  rig.clock.advance(DAY_MS + 1000)
  world.offer(false)
  await applyWaiting(parts)
  assert.equal(await epochOf(world), 1)
  world.offer(true)
  await applyWaiting(parts)
  assert.equal(await epochOf(world), 1)
  world.say({ state: 'healthy', ordered: 'open', ordered_until: new Date(rig.clock.now().getTime() + HOUR_MS) })
  await applyWaiting(parts)
  assert.equal(await epochOf(world), 1, 'an order opens it as well')
  world.up()
  await applyWaiting(parts)
  assert.equal(await epochOf(world), 2)
})

test('a provider that nobody has looked at is not well, and one that was given up binds nobody for more than a week', async () => {
  await using world = await openFailOver(CLOSED)
  const { rig, parts } = world
  await loosen(world, LAX)
  rig.clock.advance(DAY_MS + 1000)
  await applyWaiting(parts)
  assert.equal(await epochOf(world), 1)
  rig.clock.advance(6 * DAY_MS)
  await applyWaiting(parts)
  assert.equal(await epochOf(world), 1, 'it is offered, and not well')
  world.offer(false)
  await applyWaiting(parts)
  assert.equal(await epochOf(world), 2)
})

test('a looser policy waits its day by the clock that all processes share, whichever of them is ahead', async () => {
  await using world = await openFailOver(CLOSED)
  const { rig, parts } = world
  world.up()
  await loosen(world, LAX)
  await applyWaiting(offBy(parts, 2 * DAY_MS))
  assert.equal(await epochOf(world), 1)
  rig.clock.advance(DAY_MS)
  await applyWaiting(offBy(parts, -2 * DAY_MS))
  assert.equal(await epochOf(world), 2)
})

test('sessions of fail-over are due a quarter of an hour after the return, whichever process puts the deadline', async () => {
  for (const ms of [-20 * 60_000, 20 * 60_000]) {
    await using world = await openFailOver(LAX)
    const { rig, parts } = world
    await workerIn(world, ANA)
    world.down()
    const { browser, seen } = await byCode(world, ANA)
    assert.equal(seen.status, 200)
    world.up()
    await followVerdicts(offBy(parts, ms))
    const { due_at: dueAt } = (await browser.get('/v1/session')).body.session as Session
    assert.equal(dueAt, new Date(rig.clock.now().getTime() + DUE_MS).toISOString())
  }
})

test('what is proven while the provider is down is not older than that, however far behind the clock of a process is', async () => {
  await using world = await openFailOver(LAX, { behindMs: HOUR_MS })
  const { rig, parts, organizationId } = world
  const userId = await workerIn(world, ANA, { organizationId: null })
  await rig.db.run(sql`update identity.user set email_proved_at = null where id = ${userId}`)
  world.say({ state: 'down', open_since: await parts.sharedNow(rig.db) })
  rig.clock.advance(60_000)
  const { browser } = await byCode(world, ANA)
  await enrolIn(browser)
  await put(rig, organizationId, userId, ['member'])
  const [passkey] = await passkeysOf(rig.db, userId)
  for (const [came, because] of [
    [cameBy('code', { acr: 'single' }), 'address_not_proven'],
    [cameBy('passkey', { acr: 'multiple' }, enrolledAs(passkey!)), 'passkey_too_new'],
  ] as const) {
    const decision = await rig.db.transaction((db) => decideEntry(parts, db, { userId, came }))
    assert.deepEqual(decision!.refused, [{ organizationId, because }])
  }
  assert.deepEqual(passkey!.root_at, passkey!.created_at, 'its root is of the same moment')
})

test('an order that has run out opens nothing, whatever a process thinks that the time is', async () => {
  await using world = await openFailOver(LAX)
  const { rig, parts } = world
  const userId = await workerIn(world, ANA)
  world.say({ ordered: 'open', ordered_until: new Date(rig.clock.now().getTime() + HOUR_MS) })
  const came = cameBy('code', { acr: 'single' })
  const isIn = async (ms: number) => {
    const decision = await rig.db.transaction((db) => decideEntry(offBy(parts, ms), db, { userId, came }))
    return decision!.failOver !== null
  }
  assert.equal(await isIn(2 * HOUR_MS), true)
  rig.clock.advance(HOUR_MS)
  assert.equal(await isIn(-2 * HOUR_MS), false)
})

test('an address counts in an outage only if whoever asserted it had been trusted for it a day before', async () => {
  const at = new Date('2026-11-21T08:00:00Z')
  const later = new Date(at.getTime() + DAY_MS)
  const trusted = { trusts_email: true, email_counts_from: null }
  assert.deepEqual(assertionOf(trusted, at), { asserted_at: at, isAssertionTrusted: true })
  assert.deepEqual(assertionOf({ ...trusted, email_counts_from: later }, at).asserted_at, later)
  assert.equal(assertionOf(undefined, at).isAssertionTrusted, false)

  for (const [from, isIn] of [
    [-DAY_MS, true],
    [HOUR_MS, false],
  ] as const) {
    await using world = await openFailOver(LAX)
    const { rig, parts } = world
    const now = rig.clock.now().getTime()
    const userId = await workerIn(world, ANA)
    await rig.db.run(sql`
      update identity.user
         set email_proved_at = null, email_asserted_by = ${ACME.id}, email_asserted_at = ${new Date(now - 100 * DAY_MS)}
       where id = ${userId}`)
    const found = { ...ACME, trusts_email: true, email_counts_from: new Date(now + from) }
    Object.assign(parts.providers, { find: (id: string) => (id === ACME.id ? found : undefined) })
    world.down()
    rig.clock.advance(2 * HOUR_MS)
    const came = cameBy('code', { acr: 'single' })
    const decision = await rig.db.transaction((db) => decideEntry(parts, db, { userId, came }))
    const because = decision!.refused.map((each) => each.because)
    assert.deepEqual(because, isIn ? [] : ['address_not_proven'])
  }
})
