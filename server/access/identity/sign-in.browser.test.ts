import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { startTestPostgres, type TestPostgres } from '../../platform/testing/index.ts'
import { openStage, type Stage } from '../testing.ts'
import { openChromium, skip } from './testing/chromium.ts'

/** Sign-in as a person meets it: a real Chromium, a real access process, a database that can be hurt. */
/** Generous: two cores, with others at work on them. */
const DEADLINE_MS = 30_000

let postgres: TestPostgres
let stage: Stage
let chrome: Browser

before(async () => {
  if (skip) return
  postgres = await startTestPostgres()
  stage = await openStage({ store: postgres })
  chrome = await openChromium()
})
after(async () => {
  await chrome?.close()
  await stage?.[Symbol.asyncDispose]()
  await postgres?.close()
})

async function openPage(options: BrowserContextOptions = {}) {
  const context = await chrome.newContext({ baseURL: stage.url, ...options })
  context.setDefaultTimeout(DEADLINE_MS)
  const page = await context.newPage()
  return { page, [Symbol.asyncDispose]: () => context.close() }
}

test('a person types an address and a code, and is in', { skip }, async () => {
  await using opened = await openPage()
  const { page } = opened
  await page.goto('/account')
  await page.getByLabel('E-mail').fill('typed@acme.test')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sign-in/code')
  const { code } = await stage.mailTo('typed@acme.test')
  await page.getByLabel('Code').pressSequentially(code)
  await page.waitForURL('**/account')
  assert.match((await page.textContent('main')) ?? '', /typed@acme\.test.*This browser/s)

  await page.getByLabel('Name').fill('Ana')
  await page.getByRole('button', { name: 'Save profile' }).click()
  await page.getByRole('status').waitFor()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
})

test('without script the same works, and the link of the mail as well', { skip }, async () => {
  await using opened = await openPage({ javaScriptEnabled: false })
  const { page } = opened
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill('plain@acme.test')
  await page.getByRole('button', { name: 'Send code' }).click()
  const { code, link } = await stage.mailTo('plain@acme.test')
  await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  assert.match((await page.textContent('main')) ?? '', /4 attempts are left/)
  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/account')

  await using telephone = await openPage({ javaScriptEnabled: false })
  await telephone.page.goto(link)
  assert.match((await telephone.page.textContent('main')) ?? '', /already used/)
})

test('a sign-in on our own pages leads on to an app’s origin', { skip }, async () => {
  const app = createServer((_request, response) => response.end('the app')).listen(stage.appPort, '127.0.0.1')
  try {
    await using opened = await openPage()
    const { page } = opened
    const board = `http://127.0.0.1:${stage.appPort}/board`
    await page.goto(`/sign-in?return_to=${encodeURIComponent(board)}`)
    await page.getByLabel('E-mail').fill('led@acme.test')
    await page.keyboard.press('Enter')
    // Loaded, with the script that sends a code as soon as it is whole.
    await page.waitForURL(/\/sign-in\/code/)
    const { code } = await stage.mailTo('led@acme.test')
    await page.getByLabel('Code').pressSequentially(code)
    await page.waitForURL(board)
    assert.equal(await page.textContent('body'), 'the app')
  } finally {
    app.close()
    app.closeAllConnections()
  }
})

test('in an outage the page says so, and goes on by itself with what was typed', { skip }, async () => {
  await using opened = await openPage()
  const { page } = opened
  await page.goto('/sign-in?return_to=/console/')
  await page.getByLabel('E-mail').fill('patient@acme.test')
  postgres.stopAll()
  try {
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sign-in has to wait a moment' }).waitFor()
    assert.match((await page.textContent('main')) ?? '', /database has not answered since|database does not answer/)
    assert.match((await page.textContent('main')) ?? '', /Nobody is signed out/)
  } finally {
    postgres.continueAll()
  }
  await page.waitForURL('**/sign-in/code')
  assert.match((await page.textContent('main')) ?? '', /patient@acme\.test/)
  assert.equal((await stage.mailTo('patient@acme.test')).code.length, 6)
})
