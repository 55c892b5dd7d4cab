import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseOutage, type DatabaseServer } from '../../platform/database/index.ts'
import { faulty } from '../sessions/testing.ts'
import { APP_ORIGIN, openRig } from './testing.ts'

test('with the database away sign-in says so, keeps what was typed, and clears no cookie', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const [browser, own] = [rig.browser(), rig.browser()]
  await own.signIn(rig, 'bob@acme.test')
  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  const { code, link } = await rig.mailTo('ana@acme.test')
  const jars = [new Map(browser.jar), new Map(own.jar)]

  state.isAway = true
  const page = await browser.get('/sign-in?return_to=%2Fnotes')
  assert.equal(page.status, 503)
  assert.equal(page.headers.get('retry-after'), '2')
  assert.match(page.text, /Sign-in has to wait/)
  assert.match(page.text, /Nobody is signed out/)
  assert.match(page.text, /name="return_to" value="\/notes"/)

  const posted = await browser.submit('/sign-in', { email: 'ana@acme.test', return_to: '/notes' })
  assert.equal(posted.status, 503)
  assert.match(posted.text, /<form method="post" action="\/sign-in" data-retry/)
  assert.match(posted.text, /name="email" value="ana@acme.test"/)
  for (const path of ['/sign-in/code', link, '/enrol/abc']) assert.notEqual((await browser.get(path)).status, 401, path)
  const typed = await browser.submit('/sign-in/code', { code, return_to: `${APP_ORIGIN}/board` })
  assert.equal(typed.status, 503)
  assert.match(typed.headers.get('content-security-policy') ?? '', /form-action 'self' https:\/\/notes\.acme\.test;/)
  const evil = await browser.submit('/sign-in/code', { code, return_to: 'https://evil.test/' })
  assert.doesNotMatch(evil.headers.get('content-security-policy') ?? '', /evil/)
  const api = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  assert.deepEqual([api.status, api.body.verdict, api.body.code], [503, 'unknown', 'platform.database_unavailable'])
  assert.equal(api.headers.get('retry-after'), '2')
  assert.deepEqual([browser.jar, own.jar], jars)

  state.isAway = false
  assert.equal((await browser.submit('/sign-in/code', { code })).status, 303)
})

test('trying again through an outage uses up no limit', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const browser = rig.browser()
  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  state.isAway = true
  for (let round = 0; round < 100; round++) {
    assert.equal((await browser.submit('/sign-in', { email: 'ana@acme.test' })).status, 503)
  }
  state.isAway = false
  assert.equal((await browser.submit('/sign-in', { email: 'ana@acme.test' })).status, 303)
})

test('in an outage the account page shows what the verdict knows, and says that the rest is not known', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  await browser.get('/account')
  state.isAway = true
  rig.clock.advance(20_000)
  const page = await browser.get('/account')
  assert.equal(page.status, 200)
  assert.match(page.text, /ana@acme\.test/)
  assert.match(page.text, /sessions are not known/)
  assert.match(page.text, /the memory of Holdfast, confirmed \d+ s ago/)
  const saved = await browser.submit('/account/profile', { name: 'Ana' })
  assert.equal(saved.status, 503)
  assert.match(saved.text, /name="name" value="Ana"/)
  assert.equal((await browser.get('/sign-in')).location, '/account')

  // A browser of which nothing is known is not sent to sign-in: that would read as "signed out".
  const other = rig.browser()
  other.jar.set('hf_session', 'A'.repeat(43))
  assert.equal((await other.get('/account')).status, 503)
})

test('a sign-out in an outage holds at once, and is told as it is', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  await browser.get('/account')
  const kept = new Map(browser.jar)
  state.isAway = true
  const page = await browser.submit('/sign-out')
  assert.equal(page.status, 200)
  assert.match(page.text, /stays so/)
  assert.equal(browser.jar.has('hf_session'), false)
  for (const [name, value] of kept) browser.jar.set(name, value)
  assert.equal((await browser.get('/v1/session')).status, 401)
})

test('whoever had the right code when the database went away gets in with it when it is back', async () => {
  // The attempt is a COMMIT, and all that it leads to another: the answer to each may be lost.
  for (const lost of [1, 2]) {
    const { lose, wrap } = losing()
    await using rig = await openRig({ wrap })
    const browser = rig.browser()
    await browser.submit('/sign-in', { email: 'ana@acme.test' })
    const { code } = await rig.mailTo('ana@acme.test')
    lose(lost)
    const unknown = await browser.submit('/sign-in/code', { code })
    assert.equal(unknown.status, 503)
    assert.match(unknown.text, /data-retry/)
    assert.equal(browser.jar.has('hf_session'), false)

    assert.equal((await browser.submit('/sign-in/code', { code })).location, '/account', `COMMIT ${lost}`)
    assert.equal((await browser.get('/v1/session')).status, 200)
    browser.jar.delete('hf_session')
    assert.equal((await browser.submit('/sign-in/code', { code })).location, '/sign-in')
  }
})

test('while no mail server takes mail, who waits for a code is told so and since when', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const since = rig.clock.now()
  rig.mailServers.push({ state: 'failing', since }, { state: 'ok', since })
  assert.doesNotMatch((await browser.get('/sign-in')).text, /No mail could be sent/)
  rig.mailServers[1]!.state = 'failing'
  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  for (const path of ['/sign-in', '/sign-in/code']) {
    assert.match(
      (await browser.get(path)).text,
      new RegExp(`No mail could be sent since <time datetime="${since.toISOString()}`),
    )
  }
})

/** A database that loses the answer to the n-th COMMIT from now of what people wait for. */
function losing() {
  let left = 0
  const wrap = (server: DatabaseServer): DatabaseServer => ({
    ...server,
    database(purpose) {
      const real = server.database(purpose)
      if (purpose !== 'request') return real
      return {
        ...real,
        async transaction(work) {
          const result = await real.transaction(work)
          if (left === 0 || --left > 0) return result
          throw new DatabaseOutage('unknown', 'the answer was lost by the test')
        },
      }
    },
  })
  return { wrap, lose: (nth: number) => (left = nth) }
}
