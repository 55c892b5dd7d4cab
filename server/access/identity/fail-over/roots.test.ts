import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../../../sdk/contract.ts'
import { sql } from '../../../platform/database/index.ts'
import { asking, organizationOf, put } from '../organizations/testing.ts'
import { begun, finish, SIGN_IN } from '../passkeys/testing/rig.ts'
import type { TestBrowser } from '../testing.ts'
import { type SignInPolicy, USUAL } from './policy.ts'
import { applyWaiting } from './apply-waiting.ts'
import {
  ACME,
  enrolIn,
  FAIL_OVER,
  type FailOverRig,
  LAX,
  openFailOver,
  STRICT,
  throughProvider,
  workerIn,
} from './testing.ts'

/** What a passkey is worth where more than a mailbox is demanded: as much as whoever enrolled it had shown. */
const ANA = 'ana@acme.test'
const TWO_FACTORS: SignInPolicy = { ...USUAL, demands: 'second-factor', ordinary: ['provider', 'passkey'] }
const BESIDE_PROVIDER: SignInPolicy = {
  ...TWO_FACTORS,
  provider_id: ACME.id,
  fail_over: { ...FAIL_OVER, ways: ['passkey'] },
}
type Key = Awaited<ReturnType<typeof enrolIn>>

async function byMail({ rig }: FailOverRig, email = ANA): Promise<TestBrowser> {
  const browser = rig.browser()
  const started = await browser.post('/v1/sign-in/email', { email })
  const { code } = await rig.mailTo(email)
  const done = await browser.post('/v1/sign-in/email/verify', { challenge_id: started.body.challenge_id, code })
  assert.equal(done.status, 200, done.text)
  return browser
}

/** For whom a passkey lets somebody act, and what becomes of it when they ask to act for the strict organisation. */
async function reachedBy({ rig, organizationId }: FailOverRig, key: Key) {
  const browser = rig.browser()
  const seen = await finish(browser, key.show(await begun(browser, SIGN_IN)))
  if (seen.status !== 200) return [seen.body.code]
  const session = seen.body.session as Session
  const switched = await asking(browser)('PUT', '/v1/session/organization', { organization_id: organizationId })
  return [session.organization_id === organizationId ? 'strict' : 'lax', switched.status]
}

async function confirm(browser: TestBrowser, key: Key): Promise<void> {
  const done = await finish(browser, key.show(await begun(browser, SIGN_IN, { purpose: 'step-up' })))
  assert.equal(done.status, 200, done.text)
}

/** In the strict organisation, and in one that asks for nothing. */
async function inBoth(world: FailOverRig, worker: Parameters<typeof workerIn>[2] = {}): Promise<string> {
  const lax = await organizationOf(world.staff, 'Free Labs')
  const id = await workerIn(world, ANA, worker)
  await put(world.rig, lax, id, ['member'])
  world.up()
  world.rig.clock.advance(60_000)
  return id
}

test('a passkey that a mailbox made reaches no organisation that demands more, and neither does one that it makes', async () => {
  for (const policy of [TWO_FACTORS, BESIDE_PROVIDER, STRICT]) {
    await using world = await openFailOver(policy)
    await inBoth(world)
    const browser = await byMail(world)
    const first = await enrolIn(browser)
    assert.deepEqual(await reachedBy(world, first), ['lax', 403])
    await confirm(browser, first)
    const second = await enrolIn(browser)
    assert.deepEqual(await reachedBy(world, second), ['lax', 403])
    world.rig.clock.advance(60_000)
    if (policy.provider_id) world.down()
    world.rig.clock.advance(60_000)
    for (const key of [first, second]) assert.deepEqual(await reachedBy(world, key), ['lax', 403])
    // Nor in the session in which it was shown, once it is taken away.
    const [kept] = (await asking(browser)('GET', '/v1/account/passkeys')).body.data as { id: string }[]
    await confirm(browser, first)
    assert.equal((await asking(browser)('DELETE', `/v1/account/passkeys/${kept!.id}`)).status, 204)
    const third = await enrolIn(browser)
    assert.deepEqual(await reachedBy(world, third), ['lax', 403])
  }
})

test('a recovery code that a mailbox made reaches none of them, and neither does the passkey that it makes', async () => {
  await using world = await openFailOver(TWO_FACTORS)
  const { organizationId } = world
  await inBoth(world)
  const { codes } = (await (await byMail(world)).post('/v1/account/recovery-codes', {})).body as { codes: string[] }
  const browser = world.rig.browser()
  const done = await browser.post('/v1/sign-in/recovery-code', { email: ANA, code: codes[0] })
  assert.equal(done.status, 200, done.text)
  assert.notEqual((done.body.session as Session).organization_id, organizationId)
  const switched = await asking(browser)('PUT', '/v1/session/organization', { organization_id: organizationId })
  assert.equal(switched.status, 403)
  assert.deepEqual(await reachedBy(world, await enrolIn(browser)), ['lax', 403])
})

test('a passkey of a session that was proven by two factors is one, and so is one that it makes', async () => {
  await using world = await openFailOver(BESIDE_PROVIDER)
  await inBoth(world)
  const browser = world.rig.browser()
  await throughProvider(world, browser, ANA, ACME.id, 'multiple')
  const first = await enrolIn(browser)
  await confirm(browser, first)
  const second = await enrolIn(browser)
  for (const key of [first, second]) assert.equal((await reachedBy(world, key))[1], 200)
})

test('what people had before a second factor was demanded, or before they joined where there is no provider, is taken', async () => {
  await using world = await openFailOver(USUAL)
  const { rig, staff, organizationId } = world
  const path = `/v1/organizations/${organizationId}/sign-in-policy`
  const save = (policy: SignInPolicy, epoch: number) => staff.ask('PUT', path, { policy, reason: null, epoch })
  await inBoth(world)
  const browser = await byMail(world)
  const before = await enrolIn(browser)
  rig.clock.advance(60_000)
  assert.equal((await save(TWO_FACTORS, 0)).status, 200)
  assert.equal((await reachedBy(world, before))[1], 200)
  // What changes nothing of the demand does not begin it anew.
  await confirm(browser, before)
  assert.equal((await save({ ...TWO_FACTORS, passkeys: 'required' }, 1)).status, 200)
  const later = await enrolIn(await byMail(world, 'ben@acme.test'))
  rig.clock.advance(60_000)
  const { id: ben } = await rig.db.one<{ id: string }>(sql`select id from identity.user where email = 'ben@acme.test'`)
  await put(rig, organizationId, ben, ['member'])
  assert.deepEqual(await reachedBy(world, later), ['strict', 200])
})

test('a policy under which newcomers could not begin is saved with a warning, and one under which they can without', async () => {
  const withoutProvider: SignInPolicy = { ...BESIDE_PROVIDER, ordinary: ['passkey'], fail_over: null }
  for (const [policy, warning] of [
    [BESIDE_PROVIDER, /^Whoever joins from now on has no way to begin: Acme ID is not trusted for second factors,/],
    [withoutProvider, /^Whoever joins from now on has no way to begin: Acme ID is no way in on an ordinary day,/],
    [TWO_FACTORS, /^null$/],
    [STRICT, /^null$/],
  ] as const) {
    await using world = await openFailOver(USUAL)
    const path = `/v1/organizations/${world.organizationId}/sign-in-policy`
    const saved = await world.staff.ask('PUT', path, { policy, reason: null, epoch: 0 })
    assert.equal(saved.status, 200, saved.text)
    assert.match(String(saved.body.warning), warning)
    assert.match(String((await world.staff.ask('GET', path)).body.warning), warning)
  }
})

test('where a provider was demanded before a second factor is, a key of its sessions is taken and one that a mailbox made meanwhile is not', async () => {
  await using world = await openFailOver(STRICT)
  const { rig, parts, staff, organizationId } = world
  await inBoth(world)
  const ofMailbox = await enrolIn(await byMail(world))
  const browser = rig.browser()
  await throughProvider(world, browser, ANA, ACME.id, 'multiple')
  const ofProvider = await enrolIn(browser)
  await workerIn(world, 'ben@acme.test')
  const bens = rig.browser()
  await throughProvider(world, bens, 'ben@acme.test')
  const ofOneFactor = await enrolIn(bens)
  rig.clock.advance(60_000)
  const path = `/v1/organizations/${organizationId}/sign-in-policy`
  const saved = await staff.ask('PUT', path, { policy: BESIDE_PROVIDER, reason: null, epoch: 1 })
  assert.equal(saved.status, 202, saved.text)
  rig.clock.advance(25 * 3_600_000)
  world.up()
  await applyWaiting(parts)
  assert.deepEqual(await reachedBy(world, ofMailbox), ['lax', 403])
  assert.equal((await reachedBy(world, ofProvider))[1], 200)
  assert.deepEqual(await reachedBy(world, ofOneFactor), ['strict', 200], 'it was all that was asked for then')
  await throughProvider(world, bens, 'ben@acme.test', ACME.id, 'multiple')
  await rig.db.run(sql`update identity.passkey set root_at = ${rig.clock.now()}, root_acr = 'single'`)
  assert.equal((await reachedBy(world, ofOneFactor))[0], 'identity.way_not_taken', 'since then it is not')
})

test('in fail-over a passkey is taken that was there before the provider went down, and none that was made since', async () => {
  await using world = await openFailOver({ ...LAX, fail_over: { ...FAIL_OVER, ways: ['passkey'] } })
  const { rig } = world
  await workerIn(world, ANA)
  world.up()
  const browser = rig.browser()
  await throughProvider(world, browser, ANA)
  const before = await enrolIn(browser)
  rig.clock.advance(60_000)
  world.down()
  rig.clock.advance(60_000)
  assert.deepEqual(await reachedBy(world, before), ['strict', 200])
  await rig.db.run(sql`update identity.passkey set created_at = ${rig.clock.now()}`)
  assert.deepEqual(await reachedBy(world, before), ['identity.not_in_fail_over'])
})

test('whoever keeps an account that was to be deleted comes in by what they had shown, and by no more', async () => {
  await using world = await openFailOver(BESIDE_PROVIDER)
  const { rig } = world
  await workerIn(world, ANA)
  world.up()
  const browser = rig.browser()
  await throughProvider(world, browser, ANA, ACME.id, 'multiple')
  const key = await enrolIn(browser)
  await confirm(browser, key)
  assert.equal((await browser.submit('/account/delete', { email: ANA })).status, 200)
  const back = rig.browser()
  const shown = key.show(await begun(back, SIGN_IN))
  const asked = await back.submit('/sign-in/passkey', { response: JSON.stringify(shown) })
  const keep = /name="keep" value="([^"]+)"/.exec(asked.text)![1]!
  assert.equal((await back.submit('/sign-in/keep', { keep })).status, 303)
  await confirm(back, key)
  assert.deepEqual(await reachedBy(world, await enrolIn(back)), ['strict', 200])
})
