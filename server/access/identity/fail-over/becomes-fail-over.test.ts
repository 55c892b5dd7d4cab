import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../../../sdk/contract.ts'
import { sql } from '../../../platform/database/index.ts'
import { asking, organizationOf, put } from '../organizations/testing.ts'
import { begun, ENROLMENTS, finish, SIGN_IN } from '../passkeys/testing/rig.ts'
import { openRig, type TestBrowser } from '../testing.ts'
import { assertMayActFor } from './act-for.ts'
import { enrolIn, type FailOverRig, openFailOver, STRICT, throughProvider, workerIn } from './testing.ts'

/** The same session may be an ordinary one, for a lax organisation, and then one of fail-over, for a strict one: and back. */

const ANA = 'ana@acme.test'

/** An owner of the strict organisation and a member of a lax one, with a passkey of their provider, which is down. */
async function inBoth(world: FailOverRig) {
  const { rig, organizationId: strict } = world
  const lax = await organizationOf(world.staff, 'Free Labs')
  const id = await workerIn(world, ANA, { roles: ['owner'] })
  await put(rig, lax, id, ['member'])
  world.up()
  rig.clock.advance(60_000)
  const desk = rig.browser()
  await throughProvider(world, desk, ANA)
  const key = await enrolIn(desk)
  rig.clock.advance(60_000)
  world.down()
  rig.clock.advance(60_000)
  /** A sign-in begins for the one that was used last. */
  const used = (organizationId: string) =>
    rig.db.run(sql`
      update tenants.membership
         set last_used_at = ${rig.clock.now()}::timestamptz - case when organization_id = ${organizationId} then 1 else 60 end * interval '1 minute'
       where user_id = ${id}`)
  const enter = async (browser: TestBrowser) => {
    rig.clock.advance(1000)
    const seen = await finish(browser, key.show(await begun(browser, SIGN_IN)))
    return seen.body.session as Session
  }
  return { strict, lax, key, used, enter }
}

const carrying = (jar: ReadonlyMap<string, string>, browser: TestBrowser, names: (name: string) => boolean) => {
  for (const [name, value] of jar) if (names(name)) browser.jar.set(name, value)
  return browser
}

test('a session that has become one of fail-over changes nothing by a proof of before, nor at a process that remembers it as it was', async () => {
  await using world = await openFailOver(STRICT)
  const { rig } = world
  await using second = await openRig({ providers: rig.providers, beside: rig })
  const { strict, lax, used, enter } = await inBoth(world)
  const ben = await put(rig, strict, await workerIn(world, 'ben@acme.test', { organizationId: null }), ['member'])
  const browser = rig.browser()
  await used(lax)
  const before = await enter(browser)
  assert.deepEqual([before.amr.includes('failover'), before.organization_id], [false, lax])
  const proof = carrying(browser.jar, rig.browser(), (name) => name === 'hf_proof')
  await second.sessions.catchUp()
  const elsewhere = carrying(browser.jar, second.browser(), () => true)
  assert.equal((await elsewhere.get('/v1/session')).status, 200)

  await used(strict)
  const after = await enter(browser)
  assert.deepEqual([after.id, after.amr.includes('failover')], [before.id, true])
  assert.equal((await asking(browser)('PUT', '/v1/session/organization', { organization_id: strict })).status, 200)
  for (const [who, asker] of Object.entries({ browser, proof, elsewhere })) {
    const ask = asking(asker)
    const once = { 'idempotency-key': `once-${who}` }
    for (const answer of [
      await ask('PATCH', `/v1/memberships/${ben}`, { roles: ['owner'] }, once),
      await ask('POST', '/v1/account/email-changes', { email: 'other@evil.test' }, once),
      await asker.post(ENROLMENTS, {}),
    ]) {
      assert.deepEqual([answer.status, answer.body.code], [403, 'sessions.failover_session'], who)
    }
    // Pages are held to the same.
    assert.equal((await asker.submit('/account/email', { email: 'other@evil.test' })).status, 403, who)
  }
})

test('a sign-in at the very moment of a switch leaves no ordinary session in an organisation that would not take it', async () => {
  await using world = await openFailOver(STRICT)
  const { rig, parts } = world
  const { strict, lax, used, enter, key } = await inBoth(world)
  const browser = rig.browser()
  await used(strict)
  assert.ok((await enter(browser)).amr.includes('failover'))
  for (const from of [lax, strict]) {
    if (from === lax) await asking(browser)('PUT', '/v1/session/organization', { organization_id: lax })
    await used(lax)
    const other = carrying(browser.jar, rig.browser(), () => true)
    const shown = key.show(await begun(other, SIGN_IN))
    let isSignedIn = false
    rig.sessions.organization.onSwitch(async (db, asked) => {
      if (!isSignedIn) {
        isSignedIn = true
        // Between the look at the session and what is made of it.
        assert.equal((await finish(other, shown)).status, 200)
      }
      return assertMayActFor(parts, db, asked)
    })
    const switched = await asking(browser)('PUT', '/v1/session/organization', { organization_id: strict })
    assert.deepEqual([isSignedIn, switched.status, switched.body.code], [true, 403, 'identity.provider_demanded'], from)
    const now = (await other.get('/v1/session')).body.session as Session
    assert.deepEqual([now.amr.includes('failover'), now.organization_id], [false, lax])
    rig.sessions.organization.onSwitch((db, asked) => assertMayActFor(parts, db, asked))
    // Once more, from the strict one itself.
    await used(strict)
    assert.ok((await enter(browser)).amr.includes('failover'))
    await asking(browser)('PUT', '/v1/session/organization', { organization_id: strict })
  }
})

test('a longer session of fail-over is not brought into an organisation that has allowed only short ones since', async () => {
  await using world = await openFailOver(STRICT)
  const { strict, lax, used, enter } = await inBoth(world)
  const browser = world.rig.browser()
  await used(strict)
  assert.ok((await enter(browser)).amr.includes('failover'))
  const ask = asking(browser)
  const to = (organization: string) => ask('PUT', '/v1/session/organization', { organization_id: organization })
  for (const organization of [lax, strict, lax]) assert.equal((await to(organization)).status, 200)
  const policy = { ...STRICT, fail_over: { ...STRICT.fail_over, session_minutes: 15 } }
  const asked = { policy, reason: null, epoch: 1 }
  const saved = await world.staff.ask('PUT', `/v1/organizations/${strict}/sign-in-policy`, asked)
  assert.equal(saved.status, 200, saved.text)
  assert.deepEqual([(await to(strict)).status, (await to(strict)).body.code], [403, 'identity.provider_demanded'])
  // A sign-in of today is as short as the policy says.
  await used(strict)
  const session = await enter(browser)
  assert.equal(Date.parse(session.expires_at ?? '') - Date.parse(session.authenticated_at), 15 * 60_000)
  assert.equal((await to(strict)).status, 200)
})
