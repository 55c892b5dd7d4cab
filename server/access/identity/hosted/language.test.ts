import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APP_ORIGIN, HERE, openRig, type Seen, type TestBrowser } from '../testing.ts'

const FORWARDED = { application: 'app_notes', origin: APP_ORIGIN, prefix: '/auth' }

async function languageOf(browser: TestBrowser, path: string): Promise<string | null> {
  const { text, headers } = await browser.get(path)
  const language = /^<!doctype html>\n<html lang="(\w+)">/.exec(text)?.[1] ?? null
  assert.equal(headers.get('content-language'), language)
  assert.equal(headers.get('vary'), 'accept-language, cookie')
  return language
}

test('a page speaks the language that the browser asks for, by weight, and English where there is none', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  assert.equal(await languageOf(browser, '/sign-in'), 'en')
  for (const [asked, told] of [
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['fr,de;q=0.3,en;q=0.5', 'en'],
    ['fr', 'en'],
    ['x'.repeat(5000), 'en'],
  ] as const) {
    browser.headers['accept-language'] = asked
    assert.equal(await languageOf(browser, '/sign-in'), told, asked.slice(0, 40))
    assert.equal(await languageOf(browser, '/sign-in/link/nothing'), told)
    assert.equal(await languageOf(browser, '/nowhere'), told)
  }
})

test('the switch at the foot is kept through the steps of a sign-in, and leads on with no trace', async () => {
  await using rig = await openRig()
  const browser = rig.browser(FORWARDED)
  const page = await browser.get('/sign-in?return_to=%2Fnotes%3Fa%3Db&max_age=60')
  const [, address] = /href="\/auth([^"]+)" lang="de" hreflang="de">Deutsch</.exec(page.text)!
  const chosen = await browser.get(address!.replaceAll('&amp;', '&'))
  assert.equal(chosen.status, 303)
  assert.equal(chosen.location, '/auth/sign-in?return_to=%2Fnotes%3Fa%3Db&max_age=60')
  assert.equal(browser.jar.get('__Host-hf_language'), 'de')

  const german = await browser.get(chosen.location!.slice('/auth'.length))
  assert.match(german.text, /Anmelden bei Acme Notes/)
  const [, returnTo] = /name="return_to" value="([^"]+)"/.exec(german.text)!
  assert.equal(returnTo, `${APP_ORIGIN}/notes?a=b`)
  const wrong = await browser.submit('/sign-in', { email: 'ana', return_to: returnTo! })
  assert.match(wrong.text, /Das ist keine E-\u2060Mail-Adresse/)
  await browser.submit('/sign-in', { email: 'ana@acme.test', return_to: returnTo! })
  assert.match((await browser.get('/sign-in/code')).text, /Code eingeben/)
  assert.match((await browser.submit('/sign-in/code', { code: 'x' })).text, /Der Code besteht aus 6\u00a0Ziffern/)
  const { code, message } = await rig.mailTo('ana@acme.test')
  assert.match(message.subject, /ist Ihr Code für Acme Notes/)
  const done = await browser.submit('/sign-in/code', { code })
  assert.equal(done.location, `${APP_ORIGIN}/notes?a=b`)
})

/** Where the switch at the foot of a page leads. */
async function inGerman(browser: TestBrowser, { text }: Seen): Promise<Seen> {
  const [, address] = /href="([^"]+)" lang="de" hreflang="de">Deutsch</.exec(text)!
  const chosen = await browser.get(address!.replaceAll('&amp;', '&'))
  assert.equal(chosen.status, 303, address!)
  return browser.get(chosen.location!)
}

test('what a form that has no page of its own was answered is offered in the other language at the page it stood on', async () => {
  await using rig = await openRig()
  const errand = { return_to: '/account/email', max_age: '600', strongest: '1' }
  const junk = { ...errand, response: '{}', keep: 'junk' }
  for (const path of ['/sign-in/passkey', '/sign-in/keep']) {
    const browser = rig.browser()
    const refused = await browser.submit(path, junk)
    assert.ok(refused.status >= 400 && refused.status < 500, `${path}: ${refused.status}`)
    const shown = await inGerman(browser, refused)
    assert.deepEqual([path, shown.status, shown.headers.get('content-language')], [path, 200, 'de'])
    for (const [name, value] of Object.entries({ ...errand, return_to: `${HERE}/account/email` }))
      assert.match(shown.text, new RegExp(`name="${name}" value="${RegExp.escape(value)}"`), path)
  }
  const browser = rig.browser()
  const ended = await browser.submit('/impersonation/end', {})
  assert.equal(ended.status, 200)
  const [, address] = /href="([^"]+)" lang="de"/.exec(ended.text)!
  assert.equal(address, '/account?lang=de')
})

test('a language that is not ours is not kept, and says nothing', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  for (const lang of ['fr', '', '__proto__', 'de%0d%0aset-cookie:x=y', '%3Cscript%3E']) {
    const page = await browser.get(`/sign-in?lang=${lang}`)
    assert.equal(page.status, 200, lang)
    assert.doesNotMatch(page.text, /<script>/)
  }
  assert.deepEqual([...browser.jar.keys()], ['hf_browser'])
  browser.jar.set('hf_language', 'fr')
  browser.headers['accept-language'] = 'de'
  assert.equal(await languageOf(browser, '/sign-in'), 'de')
  assert.doesNotMatch((await browser.get('/sign-in?lang=de&lang=en')).headers.get('location') ?? '', /lang/)
})

test('a person’s own language wins over the browser’s, on the account page and in mails', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  await browser.get('/account?lang=en')
  const profile = { name: '', picture_url: '', time_zone: '' }
  await browser.submit('/account/profile', { ...profile, locale: 'de-AT' })
  assert.equal(browser.jar.has('hf_language'), false, 'what was chosen before does not stand against the profile')
  assert.equal(await languageOf(browser, '/account'), 'de')

  const stranger = rig.browser()
  await stranger.submit('/sign-in', { email: 'ana@acme.test' })
  assert.match((await rig.mailTo('ana@acme.test')).message.subject, /ist Ihr Code für Holdfast/)

  await browser.get('/account?lang=en')
  assert.equal(await languageOf(browser, '/account'), 'en', 'the newest choice counts')
  await browser.submit('/account/profile', { ...profile, name: 'Ana', locale: 'de-AT' })
  assert.equal(await languageOf(browser, '/account'), 'en', 'a profile that says nothing new does not undo it')
})

test('a mail speaks the language of the page that asked, also to somebody who is not known', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  browser.headers['accept-language'] = 'de'
  await browser.submit('/sign-in', { email: 'neu@acme.test' })
  assert.match((await rig.mailTo('neu@acme.test')).message.text, /Geben Sie diesen Code auf der Seite ein/)
  await browser.post('/v1/sign-in/email', { email: 'api@acme.test' })
  assert.match((await rig.mailTo('api@acme.test')).message.subject, /ist Ihr Code/)
})

test('a refusal is told in the language of the page, and to programs in English', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  browser.headers['accept-language'] = 'de'
  const page = await browser.get('/sign-in?application=app_nobody')
  assert.equal(page.status, 400)
  assert.match(page.text, /Die Anfrage passt nicht/)
  assert.match(page.text, /Bei dieser Anwendung kann man sich hier nicht anmelden/)
  assert.match(page.text, /identity\.bad_application/)
  const elsewhere = await browser.get('/sign-in?return_to=https%3A%2F%2Fevil.test%2F')
  assert.match(elsewhere.text, /nicht eingetragen/)
  const program = await browser.post('/v1/sign-in/email', { email: 'ana' })
  assert.match(program.body.detail!, /^This is not an e-mail address/)
  const wrongMethod = await browser.get('/account/sessions/end-all')
  assert.match(wrongMethod.text, /Diese Adresse wird so nicht beantwortet/)
})
