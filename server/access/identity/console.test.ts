import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantAdministrator } from '../../ground/environment/index.ts'
import { type IdentityRig, openRig, seed, type TestBrowser } from './testing.ts'

const asConsole = { 'holdfast-audience': 'console' }

test('the enrolment link makes one person an administrator, once', async () => {
  await using rig = await openRig({ signUp: 'closed' })
  const browser = rig.browser()
  const path = new URL(await rig.identity.makeEnrolmentLink()).pathname
  for (let visit = 0; visit < 3; visit++) assert.match((await browser.get(path)).text, /first administrator/)

  assert.equal((await browser.submit(path, { email: 'ana' })).status, 400)
  assert.equal((await browser.submit(path, { email: 'ana@acme.test' })).location, `${path}/code`)
  const { code } = await rig.mailTo('ana@acme.test')
  const codePage = await browser.get(`${path}/code`)
  assert.match(codePage.text, new RegExp(`action="${path}/code"`))
  assert.equal((await browser.submit(`${path}/code`, { code: 'x' })).status, 400)
  const done = await browser.submit(`${path}/code`, { code })
  assert.equal(done.status, 200)
  assert.match(done.text, /You are the first administrator/)

  const session = await browser.request('/v1/session', { headers: asConsole })
  assert.equal(session.body.verdict, 'valid')
  const users = await browser.request('/v1/users', { headers: asConsole })
  assert.equal((users.body.data as { is_administrator: boolean }[])[0]!.is_administrator, true)
  assert.equal(rig.sent.filter((mail) => mail.purpose === 'first-administrator').length, 1)

  const late = rig.browser()
  for (const answer of [await late.get(path), await late.submit(path, { email: 'eve@evil.test' })]) {
    assert.equal(answer.status, 410)
    assert.match(answer.text, /no longer works/)
  }
})

test('an enrolment link ends after 15 minutes, and the next one leaves it open until then', async () => {
  await using rig = await openRig()
  const first = new URL(await rig.identity.makeEnrolmentLink()).pathname
  const second = new URL(await rig.identity.makeEnrolmentLink()).pathname
  for (const path of [first, second]) assert.equal((await rig.browser().get(path)).status, 200)
  rig.clock.advance(15 * 60_000)
  assert.equal((await rig.browser().get(second)).status, 410)
  for (const token of ['x', '%01', 'A'.repeat(43), '..%2f', "'"]) {
    assert.equal((await rig.browser().get(`/enrol/${token}`)).status, 410, token)
  }
})

test('of two people who enrol by one link at the same time, one becomes administrator', async () => {
  await using rig = await openRig()
  const path = new URL(await rig.identity.makeEnrolmentLink()).pathname
  const enter = async (email: string) => {
    const browser = rig.browser()
    await browser.submit(path, { email })
    return { browser, code: (await rig.mailTo(email)).code }
  }
  const both = [await enter('ana@acme.test'), await enter('eve@evil.test')]
  const answers = await Promise.all(both.map(({ browser, code }) => browser.submit(`${path}/code`, { code })))
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 410])
  await rig.administrators.reload()
  const enrolled = both[answers.findIndex((answer) => answer.status === 200)]!.browser
  assert.equal((await enrolled.request('/v1/users', { headers: asConsole })).status, 200)
})

test('the code of an enrolment serves for nothing else, and no other code enrols', async () => {
  await using rig = await openRig()
  const path = new URL(await rig.identity.makeEnrolmentLink()).pathname
  const browser = rig.browser()
  await browser.submit(path, { email: 'ana@acme.test' })
  const { code } = await rig.mailTo('ana@acme.test')
  assert.equal((await browser.submit('/sign-in/code', { code })).location, '/sign-in')

  const other = rig.browser()
  const { body } = await other.post('/v1/sign-in/email', { email: 'eve@evil.test' })
  const theirs = await rig.mailTo('eve@evil.test')
  assert.equal((await other.submit(`${path}/code`, { code: theirs.code })).location, path)
  assert.equal(rig.administrators.has('usr_eve'), false)
  const verified = await other.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code: theirs.code })
  assert.equal(verified.status, 200)
})

test('only administrators get a session for the console; others are told so, and get none', async () => {
  await using rig = await openRig()
  const ana = await seed(rig, 'ana@acme.test')
  await seed(rig, 'bob@acme.test')
  await makeAdministrator(rig, ana)
  const console_ = { application: 'console', return_to: '/console/users' }

  const administrator = rig.browser()
  const done = await administrator.signIn(rig, 'ana@acme.test', console_)
  assert.equal(done.location, '/console/users')
  assert.deepEqual([...administrator.jar.keys()].sort(), ['hf_browser', 'hf_console'])
  assert.equal((await administrator.get('/account')).location, '/sign-in?return_to=%2Faccount')

  for (const email of ['bob@acme.test', 'stranger@acme.test']) {
    const other = rig.browser()
    const refused = await other.signIn(rig, email, console_)
    assert.equal(refused.status, 403)
    assert.match(refused.text, /needs an administrator/)
    assert.equal(other.jar.has('hf_console'), false)
  }
  const { data } = (await administrator.request('/v1/users', { headers: asConsole })).body
  assert.deepEqual((data as { email: string }[]).map((user) => user.email).sort(), ['ana@acme.test', 'bob@acme.test'])
  assert.equal((await rig.browser().get('/sign-in?application=app_notes')).status, 400)
})

test('a page that needs a fresh sign-in asks again, keeps the session, and gives it a new handle', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  const before = (await browser.get('/v1/session')).body.session as { id: string; authenticated_at: string }
  const oldHandle = browser.jar.get('hf_session')
  assert.equal((await browser.get('/sign-in?max_age=300&return_to=/danger')).location, '/danger')

  rig.clock.advance(10 * 60_000)
  const asked = await browser.get('/sign-in?max_age=300&return_to=/danger')
  assert.equal(asked.status, 200)
  assert.match(asked.text, /Confirm that it is you/)
  assert.match(asked.text, /value="ana@acme.test"/)
  const fields = { max_age: '300', return_to: '/danger' }
  assert.equal((await browser.signIn(rig, 'ana@acme.test', fields)).location, '/danger')
  const after = (await browser.get('/v1/session')).body.session as { id: string; authenticated_at: string }
  assert.equal(after.id, before.id)
  assert.ok(after.authenticated_at > before.authenticated_at)
  assert.notEqual(browser.jar.get('hf_session'), oldHandle)
})

test('staff find people by address, name or id, page by page', async () => {
  await using rig = await openRig()
  const browser = await administratorIn(rig)
  for (let index = 0; index < 5; index++) {
    rig.clock.advance(10)
    await seed(rig, `person${index}@acme.test`)
  }
  const list = async (query: string) =>
    (await browser.request(`/v1/users?${query}`, { headers: asConsole })).body as unknown as {
      data: { id: string; email: string; live_sessions: number; metadata_private: object }[]
      next_cursor: string | null
    }
  const first = await list('limit=4')
  assert.deepEqual(
    first.data.map((user) => user.email),
    [4, 3, 2, 1].map((index) => `person${index}@acme.test`),
  )
  const second = await list(`limit=4&cursor=${first.next_cursor}`)
  assert.deepEqual(
    second.data.map((user) => user.email),
    ['person0@acme.test', 'ana@acme.test'],
  )
  assert.deepEqual([second.next_cursor, second.data[1]!.live_sessions], [null, 1])
  assert.deepEqual(
    (await list('query=PERSON3')).data.map((user) => user.email),
    ['person3@acme.test'],
  )
  assert.deepEqual((await list(`query=${second.data[0]!.id}`)).data.length, 1)
  assert.deepEqual((await list('query=%25')).data, [])

  const one = await browser.request(`/v1/users/${first.data[0]!.id}`, { headers: asConsole })
  assert.deepEqual([one.status, one.body.email, one.body.metadata_private], [200, 'person4@acme.test', {}])
  const none = await browser.request('/v1/users/usr_none', { headers: asConsole })
  assert.deepEqual([none.status, none.body.code], [404, 'identity.no_user'])
  const bad = await browser.request('/v1/users?cursor=%27', { headers: asConsole })
  assert.deepEqual([bad.status, bad.body.code], [400, 'identity.bad_cursor'])
})

test('people are listed for administrators in the console only', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  assert.equal((await browser.get('/v1/users')).status, 401)
  await browser.signIn(rig, 'bob@acme.test')
  assert.equal((await browser.request('/v1/users', { headers: asConsole })).status, 401)
  assert.ok([401, 403].includes((await browser.get('/v1/users')).status))
  const administrator = await administratorIn(rig)
  assert.equal((await administrator.get('/v1/users')).status, 403)
})

async function makeAdministrator(rig: IdentityRig, userId: string): Promise<void> {
  await rig.db.transaction((db) => grantAdministrator(db, userId, 'test', rig.clock.now()))
  await rig.administrators.reload()
}

async function administratorIn(rig: IdentityRig): Promise<TestBrowser> {
  await makeAdministrator(rig, await seed(rig, 'ana@acme.test'))
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test', { application: 'console' })
  return browser
}
