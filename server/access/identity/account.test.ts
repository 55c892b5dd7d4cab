import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readProfile } from './profile.ts'
import { openRig, type TestBrowser } from './testing.ts'

test('a profile is saved, and every session of the person tells it', async () => {
  await using rig = await openRig()
  const [laptop, telephone] = [rig.browser(), rig.browser()]
  await laptop.signIn(rig, 'ana@acme.test')
  await telephone.signIn(rig, 'ana@acme.test')
  const profile = {
    name: ' Ana Pérez ',
    picture_url: 'https://acme.test/ana.png',
    locale: 'de-at',
    time_zone: 'Europe/Vienna',
  }
  const saved = await laptop.submit('/account/profile', profile)
  assert.deepEqual([saved.status, saved.location], [303, '/account?saved=1'])
  const page = await laptop.get('/account?saved=1')
  assert.match(page.text, /Gespeichert\./)
  assert.match(page.text, /value="Ana Pérez"/)
  for (const browser of [laptop, telephone]) {
    const session = (await browser.get('/v1/session')).body.session as { user: object }
    const { name, picture_url } = session.user as { name: string; picture_url: string }
    assert.deepEqual([name, picture_url], ['Ana Pérez', 'https://acme.test/ana.png'])
  }
  await laptop.submit('/account/profile', {})
  const emptied = (await laptop.get('/v1/session')).body.session as { user: { name: null } }
  assert.equal(emptied.user.name, null)
})

test('a profile that cannot be taken is shown again with what is wrong, and nothing is saved', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  const page = await browser.submit('/account/profile', {
    name: 'A\nB',
    picture_url: 'javascript:alert(1)',
    locale: 'en-GB',
  })
  assert.equal(page.status, 400)
  assert.match(page.text, /2 entries need a change/)
  assert.doesNotMatch((await browser.get('/account')).text, /selected[^>]*>British|javascript:/)
})

test('a profile takes names of all languages, and nothing that runs or misleads', () => {
  const none = { name: '', picture_url: '', locale: '', time_zone: '' }
  const check = (field: string, typed: string, expected: string | null | { error: string }) => {
    const read = readProfile({ ...none, [field]: typed })
    const got = read.outcome === 'ok' ? read.profile[field as 'name'] : { error: read.errors[field as 'name'] }
    assert.deepEqual(got, expected, `${field} ${JSON.stringify(typed)}`)
  }
  check('name', 'Zoë 李 محمد 👩‍🚀', 'Zoë 李 محمد 👩‍🚀')
  check('name', '  ', null)
  check('name', '<b>Ana</b>', '<b>Ana</b>')
  check('name', 'a'.repeat(121), { error: 'name_too_long' })
  check('name', 'Ana\u202eevil', { error: 'name_invalid' })
  check('name', 'Ana\u0000', { error: 'name_invalid' })
  check('picture_url', 'https://acme.test/a b.png', { error: 'picture_invalid' })
  for (const url of [
    'http://acme.test/a.png',
    'data:image/png;base64,x',
    '//acme.test/a',
    'https://a:b@acme.test/',
    'x',
  ])
    check('picture_url', url, { error: 'picture_invalid' })
  check('picture_url', 'HTTPS://Acme.Test/a.png', 'https://acme.test/a.png')
  check('locale', 'DE-at', 'de-AT')
  for (const tag of ['german!', 'x', '../../etc', 'en_US']) check('locale', tag, { error: 'locale_invalid' })
  check('time_zone', 'Europe/Vienna', 'Europe/Vienna')
  check('time_zone', 'UTC', 'UTC')
  for (const zone of ['+01:00', 'Mars/Olympus', '../etc/localtime', 'Europe'])
    check('time_zone', zone, { error: 'time_zone_invalid' })
})

test('a person ends one session of theirs, and it is refused with its reason', async () => {
  await using rig = await openRig()
  const [laptop, telephone] = [rig.browser(), rig.browser()]
  await laptop.signIn(rig, 'ana@acme.test')
  await telephone.signIn(rig, 'ana@acme.test')
  const id = await sessionOf(telephone)
  const ended = await laptop.submit(`/account/sessions/${id}/end`)
  assert.deepEqual([ended.status, ended.location], [303, '/account'])
  const refused = await telephone.get('/v1/session')
  assert.deepEqual([refused.status, refused.body.reason], [401, 'signed_out_elsewhere'])
  assert.match((await laptop.get('/account')).text, /Ended by you from another device/)
  assert.equal((await laptop.get('/v1/session')).status, 200)
})

test('nobody ends a session of somebody else', async () => {
  await using rig = await openRig()
  const [ana, eve] = [rig.browser(), rig.browser()]
  await ana.signIn(rig, 'ana@acme.test')
  await eve.signIn(rig, 'eve@evil.test')
  for (const id of [await sessionOf(ana), 'ses_none', "'", '..']) {
    const answer = await eve.submit(`/account/sessions/${encodeURIComponent(id)}/end`)
    assert.equal(answer.status, 404, id)
  }
  assert.equal((await ana.get('/v1/session')).status, 200)
})

test('signing out everywhere ends every session, this one and the others', async () => {
  await using rig = await openRig()
  const [laptop, telephone, other] = [rig.browser(), rig.browser(), rig.browser()]
  await laptop.signIn(rig, 'ana@acme.test')
  await telephone.signIn(rig, 'ana@acme.test')
  await other.signIn(rig, 'bob@acme.test')
  const page = await laptop.submit('/account/sessions/end-all')
  assert.match(page.text, /Every session was ended/)
  assert.equal(laptop.jar.has('hf_session'), false)
  assert.equal((await telephone.get('/v1/session')).body.reason, 'signed_out_everywhere')
  assert.equal((await other.get('/v1/session')).status, 200)
})

test('the sign-in page says why there is no session any more', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  await rig.sessions.end({ sessionId: await sessionOf(browser), reason: 'revoked', by: 'usr_staff' })
  assert.match((await browser.get('/sign-in')).text, /Ended by an administrator/)
})

test('signing out asks first, then clears the cookies, and leads on where it may', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  assert.match((await browser.get('/sign-out')).text, /Stay signed in/)
  assert.equal((await browser.get('/sign-out?return_to=//evil.test')).status, 400)
  assert.equal((await browser.submit('/sign-out', { return_to: 'https://evil.test/' })).status, 400)
  assert.equal((await browser.get('/v1/session')).status, 200)
  const done = await browser.submit('/sign-out', { return_to: '/bye' })
  assert.equal(done.location, '/bye')
  assert.deepEqual([...browser.jar.keys()], ['hf_browser'])
  assert.match((await browser.get('/sign-out')).text, /You are signed out/)
})

async function sessionOf(browser: TestBrowser): Promise<string> {
  return ((await browser.get('/v1/session')).body.session as { id: string }).id
}
