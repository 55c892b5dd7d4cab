import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../platform/database/index.ts'
import { newSecret } from '../../platform/id.ts'
import { APP_ORIGIN, HERE, type IdentityRig, listening, openRig, type Seen, seed } from './testing.ts'

test('what was planted in a browser before a sign-in is worth nothing after it', async () => {
  await using rig = await openRig()
  const [victim, attacker] = [rig.browser(), rig.browser()]
  const planted = { hf_session: newSecret(), hf_browser: newSecret(), hf_proof: 'e30.e30.e30' }
  for (const [name, value] of Object.entries(planted)) {
    victim.jar.set(name, value)
    attacker.jar.set(name, value)
  }
  await victim.signIn(rig, 'ana@acme.test')
  for (const [name, value] of Object.entries(planted)) assert.notEqual(victim.jar.get(name), value, name)
  assert.equal((await victim.get('/v1/session')).body.verdict, 'valid')
  assert.equal((await attacker.get('/v1/session')).status, 401)

  // Nor is the planted browser one that the account knows: the attacker's next sign-in would be told of.
  rig.sent.length = 0
  assert.equal((await attacker.submit('/sign-in', { email: 'ana@acme.test' })).status, 303)
  const { code } = await rig.mailTo('ana@acme.test')
  assert.equal((await attacker.submit('/sign-in/code', { code })).location, '/account')
  await untilSent(rig, /Somebody signed in to/)
})

test('a session that somebody else planted is ended by a sign-in in its browser, not taken over', async () => {
  await using rig = await openRig()
  const [mallory, victim] = [rig.browser(), rig.browser()]
  await mallory.signIn(rig, 'mallory@evil.test')
  for (const [name, value] of mallory.jar) victim.jar.set(name, value)
  await victim.submit('/sign-in', { email: 'ana@acme.test' })
  const { code } = await rig.mailTo('ana@acme.test')
  await victim.submit('/sign-in/code', { code })

  const after = await mallory.get('/v1/session')
  assert.deepEqual([after.status, after.body.reason], [401, 'replaced'])
  const session = (await victim.get('/v1/session')).body.session as { user: { email: string } }
  assert.equal(session.user.email, 'ana@acme.test')
})

test('a new browser is told of by mail, a known one and the first are not', async () => {
  await using rig = await openRig()
  const [laptop, telephone] = [rig.browser(), rig.browser()]
  await laptop.signIn(rig, 'ana@acme.test')
  await laptop.submit('/sign-out')
  await laptop.signIn(rig, 'ana@acme.test')
  await laptop.submit('/sign-out')
  await laptop.signIn(rig, 'ana@acme.test')
  assert.equal(rig.sent.filter((mail) => mail.purpose === 'new-device').length, 0)

  await telephone.signIn(rig, 'ana@acme.test')
  const notice = await untilSent(rig, /Somebody signed in to/)
  assert.deepEqual([notice.to, notice.lane], ['ana@acme.test', 'notice'])
  assert.doesNotMatch(notice.text, /\d{3} ?\d{3}\b.*code/)
})

test('two people in one browser are both known in it', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  for (const email of ['ana@acme.test', 'bob@acme.test', 'ana@acme.test', 'bob@acme.test']) {
    await browser.signIn(rig, email)
    await browser.submit('/sign-out')
  }
  assert.equal(rig.sent.filter((mail) => mail.purpose === 'new-device').length, 0)
})

test('a form from another site is refused, and does nothing', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  rig.sent.length = 0
  const form = 'application/x-www-form-urlencoded'
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://localhost:4001' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) {
    for (const path of ['/sign-in', '/sign-in/code', '/sign-out', '/account/profile', '/account/sessions/end-all']) {
      const init = { method: 'POST', headers: { 'content-type': form, ...headers }, body: 'email=ana%40acme.test' }
      const answer = await browser.request(path, init)
      assert.equal(answer.status, 403, path)
      assert.match(answer.text, /came from another site/)
    }
  }
  assert.equal(rig.sent.length, 0)
  assert.equal((await browser.get('/v1/session')).status, 200)
})

test('reading a page signs nobody out and changes nothing', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  for (const path of ['/sign-out', '/account/sessions/end-all', '/account/profile']) await browser.get(path)
  assert.equal((await browser.get('/v1/session')).status, 200)
})

test('where nobody may sign up, an unknown address gets the same answer, and no mail', async () => {
  await using rig = await openRig({ signUp: 'closed' })
  await seed(rig, 'ana@acme.test')
  const answers = []
  for (const email of ['ana@acme.test', 'nobody@acme.test']) {
    const browser = rig.browser()
    const api = await rig.browser().post('/v1/sign-in/email', { email })
    const started = await browser.submit('/sign-in', { email })
    const shown = await browser.get('/sign-in/code')
    const wrong = await browser.submit('/sign-in/code', { code: '123456' })
    answers.push([
      api.status,
      Object.keys(api.body),
      String(api.body.challenge_id).length,
      started.status,
      started.location,
      [...browser.jar.keys()],
      shown.text.replaceAll(email, '…'),
      wrong.status,
      wrong.text.replaceAll(email, '…'),
      headersOf(api),
      headersOf(shown),
    ])
  }
  assert.deepEqual(answers[0], answers[1])
  await rig.mailTo('ana@acme.test')
  assert.ok(rig.sent.every((mail) => mail.to === 'ana@acme.test'))
})

test('a known and an unknown address cost the same statements', async () => {
  const asked: string[] = []
  const note = (text: string) => {
    asked.push(text)
  }
  await using rig = await openRig({ signUp: 'closed', wrap: (server) => listening(server, note) })
  await seed(rig, 'ana@acme.test')
  const statementsOf = async (email: string) => {
    asked.length = 0
    const browser = rig.browser()
    const { body } = await browser.post('/v1/sign-in/email', { email })
    await browser.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code: '123456' })
    return [...asked]
  }
  const known = await statementsOf('ana@acme.test')
  for (const table of ['pace', 'challenge', 'wrong_code'])
    assert.ok(known.some((text) => text.includes(`into identity.${table}`)))
  assert.deepEqual(await statementsOf('nobody@acme.test'), known)
})

test('a known and an unknown address take the same time', async () => {
  await using rig = await openRig({ signUp: 'closed' })
  const pairs = 60
  for (let index = 0; index < pairs; index++) await seed(rig, `known${index}@acme.test`)
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  const measure = async (kind: 'known' | 'unknown', index: number) => {
    const browser = rig.browser()
    browser.headers['x-forwarded-for'] = `10.${index}.${kind.length}.1`
    const startedAt = performance.now()
    await browser.post('/v1/sign-in/email', { email: `${kind}${index}@acme.test` })
    times[kind].push(performance.now() - startedAt)
  }
  for (let index = 0; index < pairs; index++) {
    const order = index % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
    for (const kind of order) await measure(kind, index)
  }
  const median = (values: number[]) => values.sort((one, other) => one - other)[values.length >> 1]!
  const ratio = median(times.known) / median(times.unknown)
  assert.ok(ratio > 0.6 && ratio < 1.6, `the medians differ by ${ratio.toFixed(2)}`)
})

test('no secret of a sign-in is at rest', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  const { code, link } = await rig.mailTo('ana@acme.test')
  await browser.submit('/sign-in/code', { code: code === '000000' ? '000001' : '000000' })
  await browser.submit('/sign-in/code', { code })
  const stored = await allRows(rig)
  assert.ok(stored.includes('ana@acme.test'))
  const token = link.split('/').at(-1)!
  for (const secret of [code, token, ...browser.jar.values()])
    assert.ok(!stored.includes(secret), 'a secret is at rest')
})

test('behind an app every way leads through the prefix, and the session is that app’s', async () => {
  await using rig = await openRig()
  const browser = rig.browser({ application: 'app_notes', origin: APP_ORIGIN, prefix: '/auth' })
  const page = await browser.get('/sign-in?return_to=/board')
  assert.match(page.text, /action="\/auth\/sign-in"/)
  assert.match(page.text, /Sign in to Acme Notes/)
  const started = await browser.submit('/sign-in', { email: 'ana@acme.test', return_to: '/board' })
  assert.equal(started.location, '/auth/sign-in/code')
  const { code, message } = await rig.mailTo('ana@acme.test')
  assert.match(message.text, /https:\/\/notes\.acme\.test\/auth\/sign-in\/link\//)
  assert.match(message.subject, /Acme Notes/)
  assert.deepEqual([...browser.jar.keys()], ['__Host-hf_browser'])

  const done = await browser.submit('/sign-in/code', { code })
  assert.equal(done.location, `${APP_ORIGIN}/board`)
  const session = (await browser.get('/v1/session')).body.session as { audience: string }
  assert.equal(session.audience, 'app_notes')
  assert.equal((await browser.get('/sign-in?application=console')).status, 400)
  const foreign = await browser.request('/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: HERE },
    body: 'email=ana%40acme.test',
  })
  assert.equal(foreign.status, 403)
})

test('a sign-in that was begun in an app ends in that app, whatever cookies the two share', async () => {
  await using rig = await openRig()
  const app = rig.browser({ application: 'app_notes', origin: APP_ORIGIN, prefix: '/auth' })
  const { body } = await app.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const { code, link } = await rig.mailTo('ana@acme.test')
  const here = rig.browser()
  here.jar.set('hf_browser', app.jar.get('__Host-hf_browser')!)
  const verified = await here.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code })
  assert.equal(verified.body.code, 'identity.other_browser')
  assert.equal((await here.submit('/sign-in/code', { code })).location, '/sign-in')
  assert.equal((await here.submit(link.replace('/auth', ''))).status, 404)
  assert.equal((await app.submit('/sign-in/code', { code })).location, `${APP_ORIGIN}/`)
})

async function untilSent(rig: IdentityRig, says: RegExp) {
  for (let turn = 0; turn < 50; turn++) {
    const mail = rig.sent.find((each) => says.test(each.text))
    if (mail) return mail
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`no mail says ${says}`)
}

/** Everything that our tables hold, as text. */
async function allRows(rig: IdentityRig): Promise<string> {
  const rows = await rig.db.many<{ content: string }>(sql`
    select table_to_xml(format('%I.%I', schemaname, tablename)::regclass, true, false, '')::text as content
      from pg_tables
     where schemaname in ('identity', 'sessions', 'signals', 'applications', 'environment')`)
  return rows.map((row) => row.content).join('\n')
}

/** Headers but for the date and the cookie's value, which differ by nature. */
function headersOf({ headers }: Seen) {
  return [...headers].filter(([name]) => !['date', 'set-cookie', 'content-length'].includes(name))
}
