import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { asker, codeIn, linkIn, mailAbout, sessionOf, signInStaff } from '../accounts/testing.ts'
import { faulty } from '../../sessions/testing.ts'
import { type IdentityRig, openRig, seed, type TestBrowser } from '../testing.ts'

const DAY_MS = 24 * 3_600_000
const idOf = async (browser: TestBrowser) =>
  ((await sessionOf(browser)).body.session as { user: { id: string } }).user.id
const emailOf = async (browser: TestBrowser) =>
  ((await sessionOf(browser)).body.session as { user: { email: string } }).user.email

/** Begins a change on the pages and answers the code of its mail. */
async function begin(rig: IdentityRig, browser: TestBrowser, email: string): Promise<string> {
  const begun = await browser.submit('/account/email', { email })
  assert.deepEqual([begun.status, begun.location], [303, '/account/email/code'])
  return codeIn(await mailAbout(rig, email, 'email-change'))
}

test('an address is changed by the code of its mail; other sessions end, this one goes on, and both mailboxes are told', async () => {
  await using rig = await openRig()
  const [laptop, telephone] = [rig.browser(), rig.browser()]
  await laptop.signIn(rig, 'ana@acme.test')
  await telephone.signIn(rig, 'ana@acme.test')
  assert.match((await laptop.get('/account')).text, /Change your e-mail address/)
  const code = await begin(rig, laptop, 'ana@new.test')
  assert.match((await laptop.get('/account/email/code')).text, /ana@new\.test/)
  assert.equal(await emailOf(laptop), 'ana@acme.test')
  const done = await laptop.submit('/account/email/code', { code })
  assert.equal(done.location, '/account/email?changed=1')
  assert.match((await laptop.get('/account/email?changed=1')).text, /both addresses get a mail/)
  assert.equal(await emailOf(laptop), 'ana@new.test')
  assert.equal((await sessionOf(telephone)).body.reason, 'email_changed')
  assert.match((await mailAbout(rig, 'ana@acme.test', 'email-changed')).text, /put the old address back/)
  assert.match((await mailAbout(rig, 'ana@new.test', 'email-changed')).text, /From now on you sign in/)
  assert.equal((await telephone.signIn(rig, 'ana@new.test')).location, '/account')
  assert.equal(await idOf(telephone), await idOf(laptop))
})

test('a change needs a fresh sign-in, and only the person themselves begins it', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  assert.equal((await browser.get('/account/email')).location, '/sign-in?return_to=%2Faccount%2Femail')
  await browser.signIn(rig, 'ana@acme.test')
  rig.clock.advance(11 * 60_000)
  for (const seen of [
    await browser.get('/account/email'),
    await browser.submit('/account/email', { email: 'x@y.test' }),
  ])
    assert.equal(seen.location, '/sign-in?max_age=600&strongest=1&return_to=%2Faccount%2Femail')
  const ask = asker(browser, {})
  const stale = await ask('POST /v1/account/email-changes', { email: 'x@y.test' })
  assert.deepEqual([stale.status, stale.body.code], [403, 'sessions.stale'])
})

test('a free address, one that has an account, and one that is reserved get the same answers', async () => {
  await using rig = await openRig()
  await seed(rig, 'taken@acme.test')
  const answers: string[] = []
  for (const email of ['free@acme.test', 'taken@acme.test']) {
    const browser = rig.browser()
    await browser.signIn(rig, `asks-${email}`)
    const begun = await browser.submit('/account/email', { email })
    const page = await browser.get('/account/email/code')
    const wrong = await browser.submit('/account/email/code', { code: '000000' })
    const said = [begun.status, begun.location, page.status, page.text, wrong.status, wrong.text].join('\n')
    answers.push(said.replaceAll(email, 'ADDRESS').replaceAll(/asks-\w+/g, 'asker'))
  }
  assert.equal(answers[1], answers[0])
  const mail = await mailAbout(rig, 'taken@acme.test', 'email-change')
  assert.match(mail.text, /has an account already/)
  assert.doesNotMatch(mail.subject + mail.text, /\d{3} \d{3}/)
})

test('a code has five attempts, counted before they are compared, and works in its own browser only', async () => {
  await using rig = await openRig()
  const [laptop, telephone] = [rig.browser(), rig.browser()]
  await laptop.signIn(rig, 'ana@acme.test')
  await telephone.signIn(rig, 'ana@acme.test')
  const code = await begin(rig, laptop, 'ana@new.test')
  assert.equal((await telephone.submit('/account/email/code', { code })).location, '/account/email')
  assert.equal((await laptop.submit('/account/email/code', { code: 'abc' })).status, 400)
  const wrong = code === '111111' ? '222222' : '111111'
  const guesses = await Promise.all([1, 2, 3, 4, 5, 6].map(() => laptop.submit('/account/email/code', { code: wrong })))
  assert.ok(guesses.every(({ status }) => status === 400 || status === 410))
  assert.equal((await laptop.submit('/account/email/code', { code })).status, 410)
  const [row] = await rig.db.many<{ attempts: number }>(sql`select attempts from identity.email_change`)
  assert.equal(row!.attempts, 5)

  const next = await begin(rig, laptop, 'ana@next.test')
  rig.clock.advance(10 * 60_000)
  assert.equal((await laptop.submit('/account/email/code', { code: next })).status, 410)
  assert.equal(await emailOf(laptop), 'ana@acme.test')
})

test('of two people who take one address at the same time, one gets it', async () => {
  await using rig = await openRig()
  const browsers = [rig.browser(), rig.browser()]
  const codes: string[] = []
  for (const [index, browser] of browsers.entries()) {
    await browser.signIn(rig, `user${index}@acme.test`)
    rig.sent.length = 0
    codes.push(await begin(rig, browser, 'both@acme.test'))
  }
  const answers = await Promise.all(
    browsers.map((browser, index) => browser.submit('/account/email/code', { code: codes[index]! })),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 410])
})

test('the old address takes a change back without a sign-in, with all that came after it', async () => {
  await using rig = await openRig()
  const [owner, thief] = [rig.browser(), rig.browser()]
  await owner.signIn(rig, 'ana@acme.test')
  await thief.signIn(rig, 'ana@acme.test')
  const id = await idOf(thief)
  await thief.submit('/account/email/code', { code: await begin(rig, thief, 'eve@evil.test') })
  const link = linkIn(await mailAbout(rig, 'ana@acme.test', 'email-changed'), '/email-change/undo/')
  await thief.submit('/account/email/code', { code: await begin(rig, thief, 'eve@other.test') })
  const theirs = linkIn(await mailAbout(rig, 'eve@evil.test', 'email-changed'), '/')
  assert.ok(theirs)
  await thief.submit('/account/delete', { email: 'eve@other.test' })

  const moved = await owner.signIn(rig, 'ana@acme.test')
  assert.deepEqual([moved.status, /has another address now/.test(moved.text)], [403, true])
  const stranger = rig.browser()
  for (let visit = 0; visit < 3; visit++) assert.match((await stranger.get(link)).text, /Put the old address back/)
  for (const forged of [
    `${link}x`,
    link.replace(/\..*/, `.${'A'.repeat(43)}`),
    '/email-change/undo/x',
    link.replace('/undo', ''),
  ])
    assert.equal((await stranger.submit(forged)).status, 404, forged)
  assert.match((await stranger.submit(link)).text, /The old address is back/)
  assert.match((await stranger.submit(link)).text, /The old address is back/)
  assert.equal((await owner.signIn(rig, 'ana@acme.test')).location, '/account')
  assert.equal(await idOf(owner), id)
  const seconds = rig.sent.filter((mail) => mail.to === 'eve@evil.test' && mail.text.includes('/email-change/undo/'))
  for (const mail of seconds) {
    await stranger.submit(linkIn(mail, '/email-change/undo/'))
    assert.equal(await emailOf(owner), 'ana@acme.test', 'a later change cannot be used any more')
  }
  await mailAbout(rig, 'ana@acme.test', 'email-change-undone')
})

test('a change can be taken back for seven days, and until then nobody else gets the old address', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  await ana.submit('/account/email/code', { code: await begin(rig, ana, 'ana@new.test') })
  const link = linkIn(await mailAbout(rig, 'ana@acme.test', 'email-changed'), '/email-change/undo/')
  assert.equal((await ask('POST /v1/users', { email: 'ana@acme.test' })).body.code, 'identity.email_taken')
  rig.clock.advance(7 * DAY_MS)
  assert.equal((await ana.get(link)).status, 410)
  assert.equal((await ana.submit(link)).status, 410)
  const other = rig.browser()
  assert.equal((await other.signIn(rig, 'ana@acme.test')).location, '/account')
})

test('staff begin a change; the new mailbox proves it by a link, and the old one may refuse it', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  const id = await idOf(ana)
  const start = (email: string) => ask(`POST /v1/users/${id}/email-changes`, { email })
  assert.equal((await start('root@staff.test')).body.code, 'identity.email_taken')
  assert.equal((await start('ana@acme.test')).body.code, 'identity.same_email')
  assert.equal((await start('ana@new.test')).status, 202)
  const refusal = linkIn(await mailAbout(rig, 'ana@acme.test', 'email-change'), '/email-change/undo/')
  const proof = linkIn(await mailAbout(rig, 'ana@new.test', 'email-change'), '/email-change/')
  const reader = rig.browser()
  assert.match((await reader.get(proof)).text, /Use this address/)
  assert.match((await reader.submit(refusal)).text, /The old address is back/)
  assert.equal((await reader.submit(proof)).status, 410)

  assert.equal((await start('ana@next.test')).status, 202)
  const second = linkIn(await mailAbout(rig, 'ana@next.test', 'email-change'), '/email-change/')
  assert.match((await reader.submit(second)).text, /ana@next\.test/)
  assert.equal((await sessionOf(ana)).status, 401)
  assert.equal((await ask(`GET /v1/users/${id}`)).body.email, 'ana@next.test')
  const actions = await rig.db.many<{ action: string }>(
    sql`select action from audit.entry where subject_id = ${id} and action like 'user.email%' order by id`,
  )
  assert.deepEqual(
    actions.map(({ action }) => action.replace('user.email-change', '')),
    ['-requested', '-undone', '-requested', 'd'],
  )
})

test('whoever had the right code when the answer to the COMMIT was lost gets the change with it when they try again', async () => {
  for (const nth of [1, 2]) {
    const { state, wrap } = faulty()
    await using rig = await openRig({ wrap })
    const [ana, other] = [rig.browser(), rig.browser()]
    await ana.signIn(rig, 'ana@acme.test')
    await other.signIn(rig, 'ana@acme.test')
    const code = await begin(rig, ana, 'ana@new.test')
    if (nth === 2) await ana.submit('/account/email/code', { code: code === '111111' ? '222222' : '111111' })
    state.losesNextCommit = true
    const lost = await ana.submit('/account/email/code', { code })
    assert.equal(lost.status, 503)
    assert.match(lost.text, /data-retry/)
    assert.equal((await ana.submit('/account/email/code', { code })).location, '/account/email?changed=1')
    assert.equal(await emailOf(ana), 'ana@new.test')
    assert.equal((await sessionOf(other)).status, 401)
    await mailAbout(rig, 'ana@acme.test', 'email-changed')
  }
})

test('with the database away nothing is half done, and nobody is told a no', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  const code = await begin(rig, ana, 'ana@new.test')
  const jar = new Map(ana.jar)
  state.isAway = true
  for (const seen of [
    await ana.submit('/account/email/code', { code }),
    await ana.submit('/account/email', { email: 'x@y.test' }),
    await ana.submit('/account/delete', { email: 'ana@acme.test' }),
    await ana.get('/account/export/file'),
    await ana.get('/account/delete'),
  ])
    assert.equal(seen.status, 503)
  assert.deepEqual(ana.jar, jar)
  state.isAway = false
  assert.equal((await ana.submit('/account/email/code', { code })).location, '/account/email?changed=1')
})

test('the pages and mails of a change speak German to whoever does', async () => {
  await using rig = await openRig()
  const ana = rig.browser()
  ana.headers['accept-language'] = 'de-AT'
  await ana.signIn(rig, 'ana@acme.test')
  assert.match((await ana.get('/account/email')).text, /E-\u2060Mail-Adresse ändern/)
  const code = await begin(rig, ana, 'ana@new.test')
  assert.match((await mailAbout(rig, 'ana@new.test', 'email-change')).subject, /ist Ihr Code/)
  assert.match((await ana.get('/account/email/code')).text, /Code eingeben/)
  await ana.submit('/account/email/code', { code })
  assert.match((await ana.get('/account/delete')).text, /Dieses Konto löschen/)
  for (const typed of ['', 'ana', 'ana@new.test', `${'a'.repeat(300)}@x.test`])
    assert.equal((await ana.submit('/account/email', { email: typed })).status, 400, typed)
})
