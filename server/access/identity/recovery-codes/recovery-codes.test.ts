import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntries } from '../../../ground/audit/index.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { newCode } from '../break-glass/code.ts'
import { type IdentityRig, openRig, type TestBrowser } from '../testing.ts'

const ANA = 'ana@acme.test'
const WRONG = 'identity.wrong_recovery_code'
const CODES = '/v1/account/recovery-codes'

async function withCodes(rig: IdentityRig): Promise<{ browser: TestBrowser; codes: string[] }> {
  const browser = rig.browser()
  await browser.signIn(rig, ANA)
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

test('guessing recovery codes is slowed for strangers, and not in a browser that its owner has used', async () => {
  await using rig = await openRig()
  const { browser, codes } = await withCodes(rig)
  const guesses: number[] = []
  for (let count = 0; count < 31; count++) guesses.push((await enter(rig.browser(), newCode())).status)
  // Their sign-in by mail was the first of the thirty that an address has.
  assert.deepEqual([guesses.slice(0, 29).includes(429), guesses.at(-1)], [false, 429])
  assert.equal((await enter(browser, codes[0]!)).status, 200)
})
