import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntries } from '../../../ground/audit/index.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { newCode } from '../break-glass/code.ts'
import { USUAL } from '../fail-over/policy.ts'
import { openFailOver } from '../fail-over/testing.ts'
import { limits } from '../limits/limits.ts'
import { put } from '../organizations/testing.ts'
import { type IdentityRig, openRig, type TestBrowser } from '../testing.ts'

const ANA = 'ana@acme.test'
/** Of a domain that is no provider's. */
const BO = 'bo@free.test'
const WRONG = 'identity.wrong_recovery_code'
const CODES = '/v1/account/recovery-codes'

async function withCodes(rig: IdentityRig, email = ANA): Promise<{ browser: TestBrowser; codes: string[] }> {
  const browser = rig.browser()
  await browser.signIn(rig, email)
  const made = await browser.post(CODES, {})
  assert.equal(made.status, 201, made.text)
  return { browser, codes: made.body.codes as string[] }
}
const enter = (browser: TestBrowser, code: string, email = ANA) =>
  browser.post('/v1/sign-in/recovery-code', { email, code })

test('a recovery code signs in once, is told as one factor, and the set made anew voids the one before', async () => {
  await using rig = await openRig()
  const { browser, codes } = await withCodes(rig)
  assert.equal(new Set(codes).size, 10)
  const done = await enter(rig.browser(), ` ${codes[0]!.toLowerCase().replaceAll('-', ' ')} `)
  assert.equal(done.status, 200, done.text)
  const { amr, acr } = done.body.session as { amr: string[]; acr: string }
  assert.deepEqual([amr, acr], [['otp', 'recovery'], 'single'])
  const [signal] = await newestSignals(rig.db, ['sign-in.succeeded'], 1)
  assert.equal(signal!.facts.method, 'recovery-code')
  const left = await browser.request(CODES, { headers: { accept: 'application/json' } })
  assert.equal(left.body.left, 9)
  assert.deepEqual((await enter(rig.browser(), codes[0]!)).body.code, WRONG)

  assert.equal((await browser.post(CODES, {})).status, 201)
  assert.deepEqual((await enter(rig.browser(), codes[1]!)).body.code, WRONG)
  rig.clock.advance(11 * 60_000)
  assert.equal((await browser.post(CODES, {})).body.code, 'sessions.stale')
})

test('a wrong code, one of somebody else and an unknown address get the same answer, and name nobody', async () => {
  await using rig = await openRig()
  const { codes } = await withCodes(rig)
  await rig.browser().signIn(rig, 'bea@acme.test')
  for (const [email, code] of [
    [ANA, newCode()],
    [ANA, 'nonsense'],
    [ANA, ''],
    ['bea@acme.test', codes[0]!],
    ['nobody@acme.test', codes[0]!],
  ] as const) {
    const seen = await enter(rig.browser(), code, email)
    assert.deepEqual([seen.status, seen.body.code, seen.headers.getSetCookie()], [400, WRONG, []], email)
  }
  const [entry] = await readEntries(rig.db, { action: 'sign-in.failed' }, 1)
  assert.deepEqual([entry!.subject_kind, entry!.facts.reason], ['challenge', 'wrong_recovery_code'])
})

test('of several who type the same recovery code at the same moment, one gets in', async () => {
  await using rig = await openRig()
  const { codes } = await withCodes(rig)
  const answers = await Promise.all([1, 2, 3].map(() => enter(rig.browser(), codes[0]!)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400])
})

test('junk codes of strangers are slowed where they are typed, and keep nobody else from a code of theirs', async () => {
  await using rig = await openRig()
  const { codes } = await withCodes(rig)
  const { recoveryInBlock, recoveryInBrowser } = limits
  for (let count = 0; count < recoveryInBlock.burst; count++) {
    assert.equal((await enter(rig.browser(), newCode())).body.code, WRONG)
  }
  assert.equal((await enter(rig.browser(), codes[0]!)).status, 429)
  // In another network, in a browser that nobody has seen before.
  const elsewhere = rig.browser({ application: 'app_notes', origin: 'https://notes.acme.test', prefix: '/auth' })
  assert.equal((await enter(elsewhere, codes[0]!)).status, 200)

  rig.clock.advance(recoveryInBlock.everyMs * recoveryInBlock.burst)
  const desk = rig.browser()
  await desk.get('/sign-in/recovery-code')
  for (let count = 0; count < recoveryInBrowser.burst; count++) {
    assert.equal((await enter(desk, newCode())).body.code, WRONG)
  }
  assert.equal((await enter(desk, codes[1]!)).status, 429)
  assert.equal((await enter(rig.browser(), codes[1]!)).status, 200)
})

test('a recovery code that opens nothing where more is demanded is not used up; its owner is told of each right one', async () => {
  await using world = await openFailOver({ ...USUAL, demands: 'second-factor', ordinary: ['passkey'] })
  const { rig } = world
  const { codes } = await withCodes(rig, BO)
  const { id } = await rig.db.one<{ id: string }>(sql`select id from identity.user where email = ${BO}`)
  await put(rig, world.organizationId, id, ['member'])
  const told = (purpose: string) => rig.sent.filter((mail) => mail.to === BO && mail.purpose === purpose)
  for (const times of [1, 2]) {
    const refused = await enter(rig.browser(), codes[0]!, BO)
    assert.deepEqual([refused.status, refused.body.code], [403, 'identity.recovery_not_taken'])
    assert.equal(told('recovery-codes-shown').length, times)
  }
  const page = rig.browser()
  const said = await page.submit('/sign-in/recovery-code', { email: BO, code: codes[0]! })
  assert.match(said.text, /was not used up.*ask whoever administers your organisation/s)
  assert.match(told('recovery-codes-shown').at(-1)!.text, /Codes left\W+10/)
  await rig.db.run(sql`delete from tenants.membership`)
  assert.equal((await enter(rig.browser(), codes[0]!, BO)).status, 200)
  assert.equal(told('recovery-codes-used').length, 1)
  assert.equal((await enter(rig.browser(), codes[0]!, BO)).body.code, WRONG)
})

test('whoever has used up all ten is told so, and to make new ones', async () => {
  await using rig = await openRig()
  const { browser } = await withCodes(rig)
  await rig.db.run(sql`update identity.recovery_code set used_at = ${rig.clock.now()}`)
  const { text } = await browser.get('/account/recovery-codes')
  assert.match(text, /All ten are used up.*None is left\. Make new ones/s)
  assert.doesNotMatch(text, /Few are left|0 of ten/)
})
