import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { createHandler } from '../../../../sdk/http.ts'
import { Holdfast } from '../../../../sdk/index.ts'
import { until } from '../../../../sdk/testing/until.ts'
import { violationsIn } from '../../../../sdk/testing/violations.ts'
import { makeTestFolder, removeTestFolder } from '../../../platform/testing/index.ts'
import { openStage, type Stage } from '../../testing.ts'
import { DEADLINE_MS, openChromium, plugAuthenticator, skip } from '../testing/chromium.ts'

/** Passkeys at an app on another origin, as a person meets them: Chromium, an authenticator, access, and an app with the SDK. */
const ANA = 'ana@acme.test'

const held = new AsyncDisposableStack()
let stage: Stage
let chrome: Browser
let app: string

before(async () => {
  if (skip) return
  stage = held.use(await openStage())
  app = `http://127.0.0.1:${stage.appPort}`
  const dataDir = await makeTestFolder()
  held.defer(() => removeTestFolder(dataDir))
  // Registered once the database is ours, which may be a moment after the pages open.
  const file = join(stage.folder, 'demo', 'key')
  const key = await until('the app has a key', () => existsSync(file) && readFileSync(file, 'utf8').trim())
  const holdfast = held.use(new Holdfast({ url: stage.url, key, dataDir, origin: app, onProblem: () => {} }))
  const auth = createHandler(holdfast)
  const board = auth.protect({}, (_request, response, { session }) => {
    response.end(`Hello ${session.user.email}, by ${session.amr.join(' ')}`)
  })
  const server = createServer(async (request, response) => {
    if (!(await auth.handle(request, response))) await board(request, response)
  }).listen(stage.appPort, '127.0.0.1')
  held.defer(() => {
    server.close()
    server.closeAllConnections()
  })
  chrome = await openChromium()
  held.defer(() => chrome.close())
})
after(() => held.disposeAsync())

/** A browser whose device has a sensor and keeps passkeys. */
async function openBrowser() {
  const context = await chrome.newContext({ baseURL: stage.url, viewport: { width: 390, height: 844 } })
  context.setDefaultTimeout(DEADLINE_MS)
  const page = await context.newPage()
  await plugAuthenticator(page, { isSynced: false })
  return { page, [Symbol.asyncDispose]: () => context.close() }
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

async function signInByMail(page: Page, at: string, email: string): Promise<void> {
  await page.goto(at)
  await page.getByRole('textbox').fill(email)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sign-in/code')
  await page.getByRole('textbox').pressSequentially(await newCode(email))
}

/** As other pages are looked at: nothing that keeps anybody out, and nothing wider than the window. */
async function assertReadable(page: Page): Promise<void> {
  assert.deepEqual(await violationsIn(page), [])
  const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  assert.ok((wider as number) <= 0, page.url())
}

test('a person signs in to an app on another origin with a passkey, and confirms with it there', { skip }, async () => {
  await using opened = await openBrowser()
  const { page } = opened
  await signInByMail(page, '/sign-in', ANA)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.waitForURL('**/account')

  await page.goto(`${app}/board?of=7`)
  await page.waitForURL(`${app}/auth/sign-in?*`)
  await assertReadable(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(/^http:\/\/localhost:\d+\/sign-in\/passkey\/for\/hov_\w+$/)
  await page.locator('form[data-ready=yes]').waitFor()
  assert.match((await page.textContent('main')) ?? '', /You have come from 127\.0\.0\.1/)
  await assertReadable(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(`${app}/board?of=7`)
  assert.equal(await page.textContent('body'), `Hello ${ANA}, by hwk user`)

  // Whoever came by mail confirms with the passkey, at the app, and is back where they wanted to be.
  await page.context().clearCookies({ domain: '127.0.0.1' })
  await signInByMail(page, `${app}/auth/sign-in?return_to=/board`, ANA)
  await page.waitForURL(`${app}/board`)
  await page.goto(`${app}/auth/account/email`)
  await page.waitForURL(`${app}/auth/sign-in?*strongest=1*`)
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click()
  await page.waitForURL('**/sign-in/passkey/for/hov_*')
  await page.locator('form[data-ready=yes]').waitFor()
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click()
  await page.waitForURL(`${app}/auth/account/email`)
  assert.doesNotMatch(stage.said(), /state=|code=[\w-]{43}/, 'neither the state nor the code is in a log')
})

test('a person who signed in to an app by mail adds a passkey on our origin, and is back at the app', {
  skip,
}, async () => {
  await using opened = await openBrowser()
  const { page } = opened
  await signInByMail(page, `${app}/auth/sign-in?return_to=/board`, 'bea@acme.test')
  await page.waitForURL(`${app}/auth/account/passkeys/offer?*`)
  await assertReadable(page)
  await page.getByRole('link', { name: 'Add a passkey' }).click()
  await page.waitForURL(/^http:\/\/localhost:\d+\/account\/passkeys\/offer/)
  await page.locator('form[data-ready=yes]').waitFor()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.waitForURL(`${app}/board`)
  await page.goto(`${app}/auth/account/passkeys`)
  assert.match((await page.textContent('main')) ?? '', /Not used yet/)
  await assertReadable(page)

  await page.context().clearCookies()
  await page.goto(`${app}/auth/sign-in?return_to=/board`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL('**/sign-in/passkey/for/hov_*')
  await page.locator('form[data-ready=yes]').waitFor()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(`${app}/board`)
  assert.equal(await page.textContent('body'), 'Hello bea@acme.test, by hwk user')
})
