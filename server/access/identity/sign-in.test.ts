import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APP_ORIGIN, openRig } from './testing.ts'

test('a person signs in with the code of the mail, and an account is made', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const page = await browser.get('/sign-in')
  assert.equal(page.status, 200)
  assert.deepEqual([...browser.jar.keys()], ['hf_browser'])

  const started = await browser.submit('/sign-in', { email: 'Ana@Acme.test ' })
  assert.deepEqual([started.status, started.location], [303, '/sign-in/code'])
  const codePage = await browser.get('/sign-in/code')
  assert.match(codePage.text, /autocomplete="one-time-code"/)
  assert.match(codePage.text, /Ana@acme\.test/)

  const { code, message } = await rig.mailTo('Ana@acme.test')
  assert.equal(message.lane, 'urgent')
  assert.equal(message.expiresAt.getTime(), rig.clock.now().getTime() + 5 * 60_000)
  const done = await browser.submit('/sign-in/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` })
  assert.deepEqual([done.status, done.location], [303, '/account'])
  const account = await browser.get('/account')
  assert.equal(account.status, 200)
  assert.match(account.text, /Firefox on Linux/)
  assert.equal((await browser.get('/sign-in')).location, '/account')
})

test('a person signs in over the API, and gets the session and its cookies', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const started = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test', return_to: '/notes' })
  assert.equal(started.status, 202)
  assert.deepEqual(Object.keys(started.body).sort(), ['challenge_id', 'expires_at'])

  const { code } = await rig.mailTo('ana@acme.test')
  const { challenge_id } = started.body
  const done = await browser.post('/v1/sign-in/email/verify', { challenge_id, code })
  assert.equal(done.status, 200)
  assert.equal(done.body.verdict, 'valid')
  assert.equal((done.body.user as { email: string }).email, 'ana@acme.test')
  assert.equal(done.body.return_to, 'http://localhost:4000/notes')
  const session = await browser.get('/v1/session')
  assert.equal(session.body.verdict, 'valid')
})

test('the link signs in only when its button is pressed, and opening it consumes nothing', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.submit('/sign-in', { email: 'ana@acme.test', return_to: '/notes' })
  const { link } = await rig.mailTo('ana@acme.test')
  for (let visit = 0; visit < 5; visit++) assert.equal((await browser.get(link)).status, 200)
  await browser.request(link, { method: 'HEAD' })

  const pressed = await browser.submit(link)
  assert.deepEqual([pressed.status, pressed.location], [303, '/notes'])
  const replayed = await browser.submit(link)
  assert.equal(replayed.status, 410)
  assert.match(replayed.text, /already used/)
})

test('in another browser the link shows the code to type, and signs nobody in', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const telephone = rig.browser()
  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  const { link, code } = await rig.mailTo('ana@acme.test')

  const shown = await telephone.get(link)
  assert.equal(shown.status, 200)
  assert.equal(shown.text.replace(/<[^>]+>/g, '').includes(code), true)
  assert.match(shown.text, /Firefox on Linux/)
  const pressed = await telephone.submit(link)
  assert.equal(pressed.status, 200)
  assert.equal(telephone.jar.size, 0)
  assert.equal((await browser.submit('/sign-in/code', { code })).status, 303)
})

test('a code works once, also when it is sent five times in the same instant', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const { body } = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const { code } = await rig.mailTo('ana@acme.test')
  const verify = () => browser.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code })

  const answers = await Promise.all(Array.from({ length: 5 }, verify))
  const statuses = answers.map((answer) => answer.status)
  assert.equal(statuses.filter((status) => status === 200).length, 1)
  assert.equal(statuses.filter((status) => status === 410).length, 4)
  assert.equal(await rig.sessions.countLive(), 1)
  assert.equal((await verify()).body.code, 'identity.challenge_used')
})

test('five wrong codes end a challenge, and none of them is compared more often, however many come at once', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const { body } = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const { code } = await rig.mailTo('ana@acme.test')
  const verify = (typed: string) =>
    browser.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code: typed })
  const wrong = code === '000000' ? '000001' : '000000'

  const answers = await Promise.all(Array.from({ length: 12 }, () => verify(wrong)))
  const compared = answers.filter((answer) => answer.body.code === 'identity.wrong_code')
  assert.deepEqual(compared.map((answer) => answer.body.attempts_left).sort(), [0, 1, 2, 3, 4])
  assert.ok(answers.every((answer) => answer.status === 400 || answer.status === 410))
  assert.equal((await verify(code)).body.code, 'identity.too_many_attempts')
  assert.match((await browser.get('/sign-in/code')).text, /too many wrong attempts/)
})

test('what is no code costs no attempt', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  const { code } = await rig.mailTo('ana@acme.test')
  for (const typed of ['', '12345', '1234567', 'abcdef', '12345a', '9'.repeat(200), '-1-2-3']) {
    const answer = await browser.submit('/sign-in/code', { code: typed })
    assert.equal(answer.status, 400, typed)
    assert.match(answer.text, /6 digits/)
  }
  assert.equal((await browser.submit('/sign-in/code', { code })).status, 303)
})

test('a new request of the same browser replaces the old one', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const first = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const old = await rig.mailTo('ana@acme.test')
  rig.sent.length = 0
  rig.clock.advance(1000)
  await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const { code } = await rig.mailTo('ana@acme.test')

  const { challenge_id } = first.body
  const refused = await browser.post('/v1/sign-in/email/verify', { challenge_id, code: old.code })
  assert.equal(refused.body.code, 'identity.challenge_expired')
  assert.match((await browser.get(old.link)).text, /newer link/)
  assert.equal((await browser.submit('/sign-in/code', { code })).status, 303)
})

test('many requests of one browser at once leave one challenge behind', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  await Promise.all(Array.from({ length: 6 }, () => browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })))
  rig.clock.advance(60_000)
  const mails = rig.sent.map((mail) => /(\d{3}) (\d{3})/.exec(mail.subject)!.slice(1).join(''))
  assert.equal(mails.length, 7)
  const answers = []
  for (const code of mails) answers.push(await browser.submit('/sign-in/code', { code }))
  assert.ok(answers.filter((answer) => answer.location === '/account').length <= 1)
})

test('a code works only in the browser that asked for it, and elsewhere uses up nothing', async () => {
  await using rig = await openRig()
  const [browser, thief] = [rig.browser(), rig.browser()]
  const { body } = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  await thief.post('/v1/sign-in/email', { email: 'mallory@evil.test' })
  const { code } = await rig.mailTo('ana@acme.test')
  for (let attempt = 0; attempt < 8; attempt++) {
    const answer = await thief.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code })
    assert.deepEqual([answer.status, answer.body.code], [400, 'identity.other_browser'])
  }
  const cookieless = await rig.browser().post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code })
  assert.equal(cookieless.body.code, 'identity.other_browser')
  assert.equal((await browser.submit('/sign-in/code', { code })).status, 303)
})

test('a code and a link end after five minutes', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const { body } = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const { code, link } = await rig.mailTo('ana@acme.test')
  rig.clock.advance(5 * 60_000)
  const late = await browser.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code })
  assert.deepEqual([late.status, late.body.code], [410, 'identity.challenge_expired'])
  assert.match((await browser.get(link)).text, /has expired/)
  assert.match((await browser.submit(link)).text, /has expired/)
  assert.match((await browser.get('/sign-in/code')).text, /has expired/)
})

test('an address that cannot be written to is told what is wrong with it', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  const check = async (email: string, says: RegExp) => {
    const answer = await browser.submit('/sign-in', { email })
    assert.equal(answer.status, 400)
    assert.match(answer.text, says)
  }
  await check('', /Enter your e-mail/)
  await check('ana', /not an e-mail address/)
  await check('ana@acme.test\r\nBcc: all@acme.test', /not an e-mail address/)
  const api = await browser.post('/v1/sign-in/email', { email: 'ana＠acme.test' })
  assert.deepEqual([api.status, api.body.code], [400, 'identity.bad_email'])
  assert.equal(rig.sent.length, 0)
})

test('a sign-in leads on to registered origins only, and says which is not', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  for (const returnTo of ['//evil.test', '/\\evil.test', 'https:evil.test', 'javascript:alert(1)', '/%2fevil.test']) {
    const shown = await browser.get(`/sign-in?return_to=${encodeURIComponent(returnTo)}`)
    assert.equal(shown.status, 400, returnTo)
    const posted = await browser.submit('/sign-in', { email: 'ana@acme.test', return_to: returnTo })
    assert.equal(posted.status, 400, returnTo)
  }
  const named = await browser.get(`/sign-in?return_to=${encodeURIComponent('https://evil.test/a')}`)
  assert.match(named.text, /<code>https:\/\/evil\.test<\/code>/)
  const api = await browser.post('/v1/sign-in/email', { email: 'ana@acme.test', return_to: 'https://evil.test/' })
  assert.deepEqual([api.status, api.body.code, api.body.origin], [400, 'identity.bad_return_to', 'https://evil.test'])
  assert.equal(rig.sent.length, 0)

  const done = await browser.signIn(rig, 'ana@acme.test', { return_to: `${APP_ORIGIN}/board` })
  assert.equal(done.location, `${APP_ORIGIN}/board`)
})

test('a page whose form may lead to an app says so in its policy, or Chromium would stop the way', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.submit('/sign-in', { email: 'ana@acme.test', return_to: `${APP_ORIGIN}/board` })
  const policy = (await browser.get('/sign-in/code')).headers.get('content-security-policy') ?? ''
  assert.match(policy, /form-action 'self' https:\/\/notes\.acme\.test;/)
})
