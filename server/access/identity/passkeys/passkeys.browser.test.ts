import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core'
import { until } from '../../../../sdk/testing/until.ts'
import { violationsIn } from '../../../../sdk/testing/violations.ts'
import { openStage, type Stage } from '../../testing.ts'
import { DEADLINE_MS, openChromium, plugAuthenticator, signOut, skip } from '../testing/chromium.ts'

/** Passkeys as a person meets them: a real Chromium with an authenticator of its own, and a real access process. */
const PHONE = { width: 390, height: 844 }

let stage: Stage
let chrome: Browser

before(async () => {
  if (skip) return
  stage = await openStage()
  chrome = await openChromium()
})
after(async () => {
  await chrome?.close()
  await stage?.[Symbol.asyncDispose]()
})

interface Opened extends AsyncDisposable {
  page: Page
  /** Whether somebody touches the sensor whenever they are asked to. */
  touches(isTouching: boolean): Promise<void>
}

/** A browser whose device has a sensor and keeps passkeys. */
async function openBrowser(options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await chrome.newContext({ baseURL: stage.url, ...options })
  context.setDefaultTimeout(DEADLINE_MS)
  const page = await context.newPage()
  const touches = await plugAuthenticator(page, { isSynced: true })
  return { page, touches, [Symbol.asyncDispose]: () => context.close() }
}

async function signInByMail(page: Page, email: string, leadsTo: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByRole('textbox').fill(email)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sign-in/code')
  await page.getByRole('textbox').pressSequentially(await newCode(email))
  await page.waitForURL(leadsTo)
}

const typed = new Set<string>()

/** Not the one of a mail before. */
async function newCode(email: string): Promise<string> {
  const code = await until(`a mail to ${email}`, async () => {
    const { code } = await stage.mailTo(email)
    return typed.has(code) ? undefined : code
  })
  typed.add(code)
  return code
}

/** Somebody who took the offer after their first sign-in. */
async function enrolled(opened: Opened, email: string): Promise<void> {
  await signInByMail(opened.page, email, '**/account/passkeys/offer?*')
  await opened.page.getByLabel('Name').fill('Ana’s phone')
  await opened.page.getByRole('button', { name: 'Add a passkey' }).click()
  await opened.page.waitForURL('**/account')
}

/** By the button; a wait for autofill that reaches the sensor only after it was touched is answered first, and as good. */
async function pressAndArrive(page: Page): Promise<void> {
  const arrived = page.waitForURL('**/account')
  const pressed = page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await Promise.any([arrived, pressed])
  await arrived
}

const signedIn = async (page: Page, email: string) =>
  assert.ok((await page.textContent('main'))?.includes(email), (await page.textContent('main')) ?? '')

/** As other pages are looked at: nothing that keeps anybody out, and nothing wider than the window. */
async function assertReadable(page: Page): Promise<void> {
  assert.deepEqual(await violationsIn(page), [])
  const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  assert.ok((wider as number) <= 0, page.url())
}

test('a passkey is offered after a sign-in by mail, and signs in by autofill the next time', { skip }, async () => {
  await using opened = await openBrowser({ viewport: PHONE })
  const { page, touches } = opened
  await signInByMail(page, 'ana@acme.test', '**/account/passkeys/offer?*')
  await assertReadable(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.waitForURL('**/account')
  await touches(false)
  await signOut(page)
  await page.goto('/sign-in?return_to=/account/passkeys')
  assert.equal(await page.getByLabel('E-mail').getAttribute('autocomplete'), 'username webauthn')
  await assertReadable(page)
  await touches(true)
  // What the browser shows below the field is chosen by whoever sits there; here the device chooses.
  await page.reload({ waitUntil: 'commit' })
  await page.waitForURL(({ pathname }) => pathname === '/account/passkeys')
  assert.match((await page.textContent('main')) ?? '', /Synced by a password manager.*Last used/s)
  await assertReadable(page)
})

test('a passkey signs in by the button, and what waits for autofill is ended first', { skip }, async () => {
  await using opened = await openBrowser()
  const { page, touches } = opened
  await enrolled(opened, 'bea@acme.test')
  await signOut(page)
  await touches(false)
  await page.goto('/sign-in')
  await page.locator('form[data-ready=yes]').waitFor()
  // Safari: a click that waits for a request begins no ceremony. So nothing may be asked for between the two.
  await page.route('**/v1/sign-in/passkey', (route) => route.abort())
  await touches(true)
  await pressAndArrive(page)
  await signedIn(page, 'bea@acme.test')
})

test('a page that stays open renews its challenge before it is over', { skip }, async () => {
  await using opened = await openBrowser()
  const { page, touches } = opened
  await enrolled(opened, 'cleo@acme.test')
  await signOut(page)
  await touches(false)
  const begun = new Set<string>()
  const note = async (answer: Promise<Response>) => begun.add((await (await answer).json()).options.challenge)
  await page.clock.install()
  const first = page.waitForResponse('**/v1/sign-in/passkey')
  await page.goto('/sign-in')
  await note(first)
  await page.locator('form[data-ready=yes]').waitFor()
  for (const times of [2, 3]) {
    const renewed = page.waitForResponse('**/v1/sign-in/passkey')
    await page.clock.fastForward('04:01')
    await note(renewed)
    assert.equal(begun.size, times)
  }
  await touches(true)
  await pressAndArrive(page)
})

/** Signed out, with nobody at the sensor, on a sign-in page whose time is moved by the test. */
async function waiting(opened: Opened, email: string): Promise<{ asked: () => number }> {
  const { page, touches } = opened
  await enrolled(opened, email)
  await signOut(page)
  await touches(false)
  let asked = 0
  page.on('request', (request) => (asked += request.url().endsWith('/v1/sign-in/passkey') ? 1 : 0))
  await page.clock.install()
  await page.goto('/sign-in')
  await page.locator('form[data-ready=yes]').waitFor()
  return { asked: () => asked }
}

/** Minutes go by, and what is asked meanwhile is answered. */
async function letPass(page: Page, minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 6; step++) {
    await page.clock.fastForward(10_000)
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))').catch(() => undefined)
  }
}

test('with the server away a page asks ever more rarely, never shows a challenge that is over, and goes on afterwards', {
  skip,
}, async () => {
  await using opened = await openBrowser()
  const { page, touches } = opened
  const { asked } = await waiting(opened, 'gil@acme.test')
  await page.route('**/v1/sign-in/passkey', (route) => route.abort())
  await letPass(page, 20)
  assert.ok(asked() > 2 && asked() < 14, `${asked()} times in 20 minutes`)
  assert.equal(await page.locator('form[data-ready=yes]').count(), 0)
  let sent = 0
  page.on(
    'request',
    (request) => (sent += request.url().endsWith('/sign-in/passkey') && request.isNavigationRequest() ? 1 : 0),
  )
  await touches(true)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('That took too long').waitFor()
  assert.equal(sent, 0)
  await page.unroute('**/v1/sign-in/passkey')
  // No further than it takes: while an answer is on its way, no minutes go by.
  let isRenewed = false
  page.once('response', () => (isRenewed = true))
  for (let minute = 0; minute < 6 && !isRenewed; minute++) await letPass(page, 1)
  await page.waitForURL('**/account')
})

test('a page whose challenge is refused asks no more, and the button loads it anew', { skip }, async () => {
  await using opened = await openBrowser()
  const { page, touches } = opened
  const { asked } = await waiting(opened, 'hanna@acme.test')
  await page.route('**/v1/sign-in/passkey', (route) => route.fulfill({ status: 403, json: { code: 'sessions.stale' } }))
  await letPass(page, 5)
  const once = asked()
  await letPass(page, 60)
  assert.equal(asked(), once)
  await page.unroute('**/v1/sign-in/passkey')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.locator('form[data-ready=yes]').waitFor()
  await touches(true)
  await pressAndArrive(page)
})

test('a page that comes back from the browser’s memory waits for autofill again', { skip }, async () => {
  await using opened = await openBrowser()
  const { page, touches } = opened
  await enrolled(opened, 'ida@acme.test')
  await signOut(page)
  await touches(false)
  await page.goto('/sign-in')
  await page.locator('form[data-ready=yes]').waitFor()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  // As it is kept while another page is looked at: a ceremony was begun by a press, and never ended.
  await touches(true)
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
  await page.waitForURL('**/account')
})

test('a passkey is renamed and removed, after it has confirmed that; the address wants the same', {
  skip,
}, async () => {
  await using opened = await openBrowser()
  const { page } = opened
  await enrolled(opened, 'dora@acme.test')
  await page.goto('/account/passkeys')
  await page.getByText('Rename', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).first().fill('Desk')
  await page.getByRole('button', { name: 'Save name' }).click()
  await page.getByText('The name was saved.').waitFor()
  assert.match((await page.textContent('main')) ?? '', /Desk/)

  await page.goto('/account/email')
  await page.waitForURL('**/sign-in?*strongest=1*')
  assert.equal(await page.getByLabel('E-mail').count(), 0)
  await assertReadable(page)
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click()
  await page.waitForURL('**/account/email')

  await page.goto('/account/passkeys')
  await assertReadable(page)
  await page.getByRole('link', { name: 'Remove: Desk' }).click()
  await assertReadable(page)
  await page.getByLabel('Sign out everywhere else as well').check()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('The passkey was removed.').waitFor()
  assert.match((await page.textContent('main')) ?? '', /You have no passkey yet/)

  // The device still has it; here it is not known any more.
  await signOut(page)
  await page.goto('/sign-in', { waitUntil: 'commit' })
  await page.getByText('This passkey is not known here').waitFor()
})

test('recovery codes are shown once, and sign in once', { skip }, async () => {
  await using opened = await openBrowser()
  const { page } = opened
  await signInByMail(page, 'emil@acme.test', '**/account/passkeys/offer?*')
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.waitForURL('**/account')
  await page.getByRole('link', { name: 'Recovery codes' }).click()
  await page.getByRole('button', { name: 'Make ten codes' }).click()
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  await assertReadable(page)
  const codes = ((await page.textContent('#codes')) ?? '').split('\n')
  assert.equal(codes.length, 10)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  assert.equal(file.suggestedFilename(), 'recovery-codes.txt')
  await page.getByRole('link', { name: 'I have put them away' }).click()
  await page.getByText('10 of ten are left').waitFor()

  await signOut(page)
  for (const [code, sees] of [
    ['0000-0000-0000-0000', 'do not belong together'],
    [codes[0]!.toLowerCase(), 'emil@acme.test'],
  ] as const) {
    await page.goto('/sign-in')
    await page.getByRole('link', { name: /Use a recovery code/ }).click()
    await page.getByLabel('E-mail').fill('emil@acme.test')
    await page.getByLabel('Recovery code').fill(code)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText(sees).first().waitFor()
  }
  await page.goto('/account/recovery-codes')
  await page.getByText('9 of ten are left').waitFor()
})

test('"not now" is remembered, in German as well; without script nothing of passkeys is shown', { skip }, async () => {
  await using opened = await openBrowser({ locale: 'de-AT', viewport: PHONE })
  const { page } = opened
  await signInByMail(page, 'frida@acme.test', '**/account/passkeys/offer?*')
  await page.getByRole('heading', { name: 'Nächstes Mal schneller anmelden' }).waitFor()
  await assertReadable(page)
  await page.getByRole('button', { name: 'Jetzt nicht' }).click()
  await page.waitForURL('**/account')
  await page.getByRole('button', { name: 'Abmelden', exact: true }).click()
  await page.waitForURL('**/sign-out')
  await signInByMail(page, 'frida@acme.test', '**/account')

  await using plain = await openBrowser({ javaScriptEnabled: false })
  await plain.page.goto('/sign-in')
  assert.equal(await plain.page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible(), false)
  await plain.page.getByLabel('E-mail').fill('frida@acme.test')
  await plain.page.getByRole('button', { name: 'Send code' }).click()
  await plain.page.getByLabel('Code').fill(await newCode('frida@acme.test'))
  await plain.page.getByRole('button', { name: 'Sign in' }).click()
  await plain.page.waitForURL('**/account')
})
