import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { faulty } from '../../sessions/testing.ts'
import { enrolIn, type FailOverRig, openFailOver, STRICT, throughProvider, workerIn } from '../fail-over/testing.ts'
import { USUAL } from '../fail-over/policy.ts'
import { put } from '../organizations/testing.ts'
import { begun, SIGN_IN } from '../passkeys/testing/rig.ts'
import { type IdentityRig, openRig, seed, type Seen, type TestBrowser } from '../testing.ts'
import { signInStaff } from './testing.ts'

const ANA = 'ana@acme.test'
/** Of a domain that is no provider's. */
const BO = 'bo@free.test'
const KEEP = '/sign-in/keep'

const keepIn = ({ text }: Seen) => /name="keep" value="([^"]+)"/.exec(text)?.[1]
const isDeleting = async ({ db }: IdentityRig, id: string) => {
  const row = await db.one<{ deletes_at: Date | null }>(sql`select deletes_at from identity.user where id = ${id}`)
  return row.deletes_at !== null
}
const liveOf = async ({ db }: IdentityRig, id: string) => {
  const row = await db.one<{ live: number }>(sql`
    select count(*)::int as live from sessions.session where user_id = ${id} and ended_at is null`)
  return row.live
}
const reasons = async ({ db }: IdentityRig, id: string) => {
  const rows = await db.many<{ reason: string }>(sql`
    select facts ->> 'reason' as reason from audit.entry
     where subject_id = ${id} and action = 'sign-in.failed' order by at, id limit 20`)
  return rows.map(({ reason }) => reason)
}

async function deletedByStaff({ rig, staff }: FailOverRig, id: string): Promise<void> {
  rig.clock.advance(60_000)
  const gone = await staff.ask('DELETE', `/v1/users/${id}`, undefined, { 'idempotency-key': id })
  assert.equal(gone.status, 202, gone.text)
}

async function show(browser: TestBrowser, key: Awaited<ReturnType<typeof enrolIn>>): Promise<Seen> {
  const response = JSON.stringify(key.show(await begun(browser, SIGN_IN)))
  return browser.submit('/sign-in/passkey', { response, return_to: '/account' })
}

/** Somebody with a passkey that opens only in an outage, whose account staff have deleted. */
async function openDeleted() {
  const world = await openFailOver(STRICT)
  const id = await workerIn(world, ANA)
  world.up()
  const desk = world.rig.browser()
  await throughProvider(world, desk, ANA)
  const key = await enrolIn(desk)
  await deletedByStaff(world, id)
  return { world, id, key, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

test('by a way that the organisation does not take nobody is asked whether to keep an account, and a deletion stands', async () => {
  await using deleted = await openDeleted()
  const { world, id, key } = deleted
  const thief = world.rig.browser()
  const refused = await show(thief, key)
  assert.deepEqual([refused.status, keepIn(refused)], [403, undefined])
  assert.ok(await isDeleting(world.rig, id))
  assert.deepEqual(await reasons(world.rig, id), ['provider_demanded'])
  assert.equal(await liveOf(world.rig, id), 0)
})

test('what the organisation takes no more when the button is pressed keeps nothing, and does not use the button up', async () => {
  await using deleted = await openDeleted()
  const { world, id, key } = deleted
  const { rig } = world
  world.down()
  const browser = rig.browser()
  const keep = keepIn(await show(browser, key))
  assert.ok(keep)
  world.up()
  const refused = await browser.submit(KEEP, { keep })
  assert.equal(refused.status, 403)
  assert.ok(await isDeleting(rig, id))
  assert.deepEqual(await reasons(rig, id), ['deleting', 'provider_demanded'])
  assert.ok(!rig.sent.some(({ purpose }) => purpose === 'account-kept'))
  world.down()
  assert.equal((await browser.submit(KEEP, { keep })).location, '/account')
  assert.equal(await isDeleting(rig, id), false)
})

test('a passkey that was removed meanwhile keeps nothing', async () => {
  await using deleted = await openDeleted()
  const { world, id, key } = deleted
  world.down()
  const browser = world.rig.browser()
  const keep = keepIn(await show(browser, key))
  await world.rig.db.run(sql`delete from identity.passkey`)
  assert.equal((await browser.submit(KEEP, { keep: keep! })).status, 400)
  assert.ok(await isDeleting(world.rig, id))
})

test('a recovery code that the organisation does not take undoes no deletion, and is not used up', async () => {
  await using world = await openFailOver({ ...USUAL, demands: 'second-factor', ordinary: ['passkey'] })
  const { rig } = world
  const id = await seed(rig, BO)
  const desk = rig.browser()
  await desk.signIn(rig, BO)
  const [code] = (await desk.post('/v1/account/recovery-codes', {})).body.codes as string[]
  await put(rig, world.organizationId, id, ['member'])
  await deletedByStaff(world, id)
  const refused = await rig.browser().submit('/sign-in/recovery-code', { email: BO, code: code! })
  assert.deepEqual([refused.status, keepIn(refused)], [403, undefined])
  assert.match(refused.text, /was not used up/)
  const { left } = await rig.db.one<{ left: number }>(sql`
    select count(*)::int as left from identity.recovery_code where used_at is null`)
  assert.equal(left, 10)
  assert.ok(await isDeleting(rig, id))
})

test('whoever is no staff keeps nothing by a sign-in to the console', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const id = await seed(rig, ANA)
  await ask(`DELETE /v1/users/${id}`)
  const refused = await rig.browser().signIn(rig, ANA, { application: 'console', return_to: '/console/users' })
  assert.deepEqual([refused.status, keepIn(refused)], [403, undefined])
  assert.match(refused.text, /needs an administrator/)
  assert.ok(await isDeleting(rig, id))
})

test('of several that press the button at once one gets through, and none after it, also in a browser that kept its old cookie', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const id = await seed(rig, ANA)
  await ask(`DELETE /v1/users/${id}`)
  const browser = rig.browser()
  const keep = keepIn(await browser.signIn(rig, ANA))!
  const old = [1, 2, 3, 4].map(() => {
    const other = rig.browser()
    for (const [name, value] of browser.jar) other.jar.set(name, value)
    return other
  })
  const last = old.pop()!
  const answers = await Promise.all(old.map((each) => each.submit(KEEP, { keep })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 410, 410])
  await ask(`DELETE /v1/users/${id}/sessions`)
  await ask(`DELETE /v1/users/${id}`)
  rig.clock.advance(9 * 60_000)
  assert.equal((await last.submit(KEEP, { keep })).status, 410)
  assert.ok(await isDeleting(rig, id))
  assert.equal(await liveOf(rig, id), 0)
})

test('whoever never heard that the account was kept presses the button once more', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const id = await seed(rig, ANA)
  await ask(`DELETE /v1/users/${id}`)
  const browser = rig.browser()
  const keep = keepIn(await browser.signIn(rig, ANA))!
  state.losesNextCommit = true
  assert.equal((await browser.submit(KEEP, { keep })).status, 503)
  assert.equal((await browser.submit(KEEP, { keep })).location, '/account')
  assert.equal(await isDeleting(rig, id), false)
})
