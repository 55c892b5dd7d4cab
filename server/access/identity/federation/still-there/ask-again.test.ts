import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invalidGrant } from '../../../../../doubles/oidc/index.ts'
import { auditAt, readEntries } from '../../../../ground/audit/index.ts'
import { signalAt } from '../../../../ground/signals/index.ts'
import { sql } from '../../../../platform/database/index.ts'
import { silentLog } from '../../../../platform/log.ts'
import { secretFrom } from '../../../../platform/secret.ts'
import { movableClock } from '../../../providers/testing.ts'
import { ELSEWHERE, type FederationRig, hold, openFederationRig, TRUSTED } from '../testing.ts'
import { sealRefresh, unsealRefresh } from '../refresh-token.ts'
import { ASKED_EVERY_MS, AT_ONCE, askInTurn } from './ask-again.ts'
import { GONE_FEW } from './gone.ts'

const newest = async (rig: FederationRig, action: string) => (await readEntries(rig.db, { action }, 1))[0]
const secret = secretFrom(Buffer.alloc(32, 7))
const asked = async (rig: FederationRig) => (await rig.outside.oidc.order({ do: 'tell' })).requests.token
/** As `identityOf` says it of a sign-in here. */
const given = (rig: FederationRig, refresh_token: string) => {
  const { issuer, client_id } = rig.provider
  return { refresh_token, issuer, client_id }
}

const tokensOf = (refresh_token: string) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 60, refresh_token }),
})

/** No round runs out of time here, however slow the machine is, and none begins by itself: the turn is somebody else's. */
async function openStillThereRig(settings: Parameters<typeof openFederationRig>[0] = {}): Promise<FederationRig> {
  const moved = movableClock()
  const began = { atMs: moved.monotonicMs(), aheadMs: 0 }
  const clock = {
    now: moved.now,
    monotonicMs: () => began.atMs + began.aheadMs,
    advance(ms: number) {
      began.aheadMs += ms
      moved.advance(ms)
    },
  }
  const rig = await openFederationRig(settings, { clock })
  await rig.db.run(sql`
    insert into identity.fail_over_turn (name, taken_at, taken_by)
    values ('ask providers again', now() + interval '1 year', 'a test')`)
  return rig
}

/** As a provider that gives refresh tokens would have left it. */
async function giveToken(rig: FederationRig, token: string): Promise<void> {
  const sealed = sealRefresh(secret, given(rig, token))
  await rig.db.run(sql`update identity.linked_identity set refresh_sealed = ${sealed}`)
}

async function tokenOf(rig: FederationRig): Promise<string | null> {
  const { sealed } = await rig.db.one<{ sealed: string | null }>(sql`
    select refresh_sealed as sealed from identity.linked_identity limit 1`)
  return sealed && unsealRefresh(secret, sealed).refresh_token
}

test('providers are asked once a day whether people are still there; who is gone there gets no other way in', async () => {
  await using rig = await openStillThereRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  await giveToken(rig, 'first')
  assert.equal(await rig.identity.askProvidersAgain(), 0)
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.outside.behave({ answers: { token: tokensOf('second') } })
  assert.equal(await rig.identity.askProvidersAgain(), 1)
  assert.equal(await rig.identity.askProvidersAgain(), 0, 'once a day')
  assert.equal(await tokenOf(rig), 'second')

  // An outage tells nothing, and is asked again within the hour.
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.outside.behave({ answers: { token: { status: 503, body: '' } } })
  assert.equal(await rig.identity.askProvidersAgain(), 1)
  assert.equal(await rig.identity.askProvidersAgain(), 0)
  assert.equal(await newest(rig, 'identity.closed'), undefined)
  assert.equal(await tokenOf(rig), 'second')
  rig.clock.advance(3_600_000)
  await rig.outside.behave({ answers: { token: invalidGrant } })
  assert.equal(await rig.identity.askProvidersAgain(), 1)
  assert.equal((await newest(rig, 'identity.closed'))!.facts.reason, 'invalid_grant')
  assert.equal(await tokenOf(rig), null)

  // A full round-trip opens it again.
  await rig.outside.behave({ answers: {} })
  const fields = { anyway: '1' }
  assert.equal((await rig.signIn(rig.browser(), 'ana', { fields })).location, '/account')
  const { closed } = await rig.db.one<{ closed: Date | null }>(sql`
    select closed_at as closed from identity.linked_identity`)
  assert.equal(closed, null)
})

test('a provider that is down is not asked about its people', async () => {
  await using rig = await openStillThereRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  await giveToken(rig, 'first')
  rig.clock.advance(ASKED_EVERY_MS)
  await hold(rig, 'down', { since: rig.clock.now(), isOpen: true })
  assert.equal(await rig.identity.askProvidersAgain(), 0)
})

/** So many more people at the provider, as they would have been left by their sign-ins. */
async function people(rig: FederationRig, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const id = `usr_${index}`
    const sealed = sealRefresh(secret, given(rig, `token-${index}`))
    await rig.db.run(sql`
      insert into identity.user (id, email, email_key, created_at)
      values (${id}, ${`${id}@acme.test`}, ${`${id}@acme.test`}, now())`)
    await rig.db.run(sql`
      insert into identity.linked_identity (id, user_id, provider_id, issuer, subject, is_email_verified, linked_at,
                                            last_proved_at, refresh_sealed)
      values (${`lid_${index}`}, ${id}, ${rig.provider.id}, ${rig.provider.issuer}, ${id}, true, ${rig.clock.now()},
              ${rig.clock.now()}, ${sealed})`)
  }
}

const closed = async (rig: FederationRig) =>
  (
    await rig.db.one<{ count: number }>(sql`
    select count(*)::int as count from identity.linked_identity where closed_at is not null`)
  ).count

test('a token is shown to nobody but who gave it, by nobody but the client it was given to', async () => {
  await using rig = await openStillThereRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  await rig.outside.behave({ answers: { token: invalidGrant } })
  const before = await asked(rig)
  const changes = [sql`client_id = 'another-client'`, sql`issuer = ${ELSEWHERE}`]
  for (const change of changes) {
    await giveToken(rig, 'first')
    rig.clock.advance(ASKED_EVERY_MS)
    await rig.db.run(sql`update identity.linked_identity set asked_again_at = null, last_proved_at = now()`)
    await rig.db.run(sql`update providers.provider set ${change}, version = version + 1`)
    await rig.providers.reload()
    assert.equal(await rig.identity.askProvidersAgain(), 1)
    assert.deepEqual([await asked(rig), await tokenOf(rig), await closed(rig)], [before, null, 0])
  }
})

test('a provider that says of everybody that they are gone is not believed, and somebody is told once', async () => {
  await using rig = await openStillThereRig()
  await people(rig, GONE_FEW + 1)
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.outside.behave({ answers: { token: invalidGrant } })
  const told = async () =>
    (await rig.db.many(sql`select from signals.signal where kind = 'provider.many_gone' limit 9`)).length
  assert.equal(await rig.identity.askProvidersAgain(), GONE_FEW + 1)
  assert.deepEqual([await closed(rig), await told()], [0, 1])
  // They are asked again within the hour, and nobody hears of it twice in a day.
  rig.clock.advance(3_600_000)
  assert.equal(await rig.identity.askProvidersAgain(), GONE_FEW + 1)
  assert.deepEqual([await closed(rig), await told()], [0, 1])
})

test('one after the other is many too: no more than a tenth of a provider’s people go in a day', async () => {
  await using rig = await openStillThereRig()
  await people(rig, GONE_FEW + 2)
  await rig.outside.behave({ answers: { token: invalidGrant } })
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.db.run(sql`update identity.linked_identity set asked_again_at = ${rig.clock.now()}`)
  for (let index = 0; index < GONE_FEW + 2; index++) {
    await rig.db.run(sql`update identity.linked_identity set asked_again_at = null where id = ${`lid_${index}`}`)
    assert.equal(await rig.identity.askProvidersAgain(), 1)
  }
  assert.equal(await closed(rig), GONE_FEW)
})

test('whoever is gone loses what stood in for that provider, and nothing else', async () => {
  await using rig = await openStillThereRig(TRUSTED)
  await rig.signIn(rig.browser(), 'ana')
  await giveToken(rig, 'first')
  const { user_id: userId } = await rig.db.one<{ user_id: string }>(sql`select user_id from identity.linked_identity`)
  await rig.db.run(sql`
    insert into sessions.session (id, user_id, audience, person, device, amr, acr, created_at, authenticated_at,
                                  last_seen_at, expires_at, idle_ms, stands_in_for)
    select 'ses_' || provider, user_id, audience, person, device, amr, acr, created_at, authenticated_at,
           last_seen_at, expires_at, idle_ms, provider
      from sessions.session, unnest(${[rig.provider.id, 'prv_another']}::text[]) as provider
     where user_id = ${userId}`)
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.outside.behave({ answers: { token: invalidGrant } })
  assert.equal(await rig.identity.askProvidersAgain(), 1)
  assert.equal(await closed(rig), 1)
  const ended = await rig.db.many<{ stands_in_for: string | null; end_reason: string }>(sql`
    select stands_in_for, end_reason from sessions.session where ended_at is not null limit 9`)
  assert.deepEqual(ended, [{ stands_in_for: rig.provider.id, end_reason: 'failover_ended' }])
})

test('a round asks as many as a provider’s share of calls allows, whoever was asked longest ago first', async () => {
  await using rig = await openStillThereRig()
  const share = rig.providers.asksLeft(rig.provider)
  assert.ok(share > AT_ONCE, 'it takes more than one portion')
  await people(rig, share + 3)
  await rig.db.run(sql`
    update identity.linked_identity set asked_again_at = ${rig.clock.now()} where id in ('lid_0', 'lid_1', 'lid_2')`)
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.db.run(sql`
    update identity.linked_identity
       set last_proved_at = last_proved_at - interval '1 hour'
     where asked_again_at is null`)
  await rig.outside.behave({ answers: { token: tokensOf('next') } })
  const before = await asked(rig)
  assert.equal(await rig.identity.askProvidersAgain(), share)
  assert.equal(await rig.identity.askProvidersAgain(), 0)
  assert.equal((await asked(rig)) - before, share)
  const waiting = await rig.db.many<{ id: string }>(sql`
    select id from identity.linked_identity where asked_again_at < ${rig.clock.now()}::timestamptz - interval '12 hours'
     order by id limit 9`)
  assert.deepEqual(
    waiting.map(({ id }) => id),
    ['lid_0', 'lid_1', 'lid_2'],
  )
  rig.clock.advance(10_000)
  assert.equal(await rig.identity.askProvidersAgain(), 3)
})

test('who answers that it is asked too often is left alone, and nobody is taken for gone', async () => {
  await using rig = await openStillThereRig()
  await people(rig, 2 * AT_ONCE)
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.outside.behave({ answers: { token: { status: 429, body: '' } } })
  const before = await asked(rig)
  assert.equal(await rig.identity.askProvidersAgain(), AT_ONCE)
  assert.equal(await rig.identity.askProvidersAgain(), 0)
  assert.ok((await asked(rig)) - before <= AT_ONCE)
  assert.equal(await closed(rig), 0)
})

test('of several processes one has the turn: a provider is asked no more often by all of them than by one', async () => {
  await using rig = await openStillThereRig()
  await rig.db.run(sql`delete from identity.fail_over_turn`)
  await people(rig, 2)
  rig.clock.advance(ASKED_EVERY_MS)
  await rig.outside.behave({ answers: { token: tokensOf('next') } })
  const now = () => rig.clock.now()
  const parts = { ...rig, background: rig.db, secret, log: silentLog, signal: signalAt(now), audit: auditAt(now) }
  assert.equal(await askInTurn(parts, 'one'), 2)
  await rig.db.run(sql`update identity.linked_identity set asked_again_at = null`)
  assert.equal(await askInTurn(parts, 'another'), 0)
  rig.clock.advance(10_000)
  assert.equal(await askInTurn(parts, 'another'), 2)
})

test('by how much the daily question is behind is a figure, and unknown until it was read', async () => {
  await using rig = await openStillThereRig()
  const { unasked } = rig.identity
  assert.equal(unasked.lateSeconds(), Number.NaN)
  await unasked.read()
  assert.equal(unasked.lateSeconds(), 0)
  await people(rig, 2)
  await unasked.read()
  assert.equal(unasked.lateSeconds(), 0)
  // Without another look it grows by itself.
  rig.clock.advance(3 * ASKED_EVERY_MS)
  assert.equal(Math.round(unasked.lateSeconds() / 3600), 48)
  await rig.outside.behave({ answers: { token: tokensOf('next') } })
  await rig.identity.askProvidersAgain()
  await unasked.read()
  assert.equal(unasked.lateSeconds(), 0)
})
