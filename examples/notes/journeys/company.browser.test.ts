import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { type Hands, handsOn, hasFocus } from './keyboard.ts'
import { type Product, startProduct } from './product.ts'

/**
 * Issue 3, acceptance 1: an administrator's day by keyboard alone, with the whole product in its own processes, a real
 * database, real mail, real Chromium. The people of the day use their hands as well.
 */
const CHROMIUM = '/usr/bin/chromium'
const isMissing = !existsSync(CHROMIUM)
const skip = isMissing && process.env.CI !== 'true' ? 'install Chromium: apt-get install chromium' : false
const PATIENCE_MS = 30_000
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

const ANA = 'ana@acme.test'
const BEN = 'ben@labs.test'
const CLEO = 'cleo@labs.test'

test('an administrator runs a company by keyboard alone', { skip, timeout: 300_000 }, async (t) => {
  await using product = await startProduct()
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  t.after(() => browser.close())
  const open = async () => newPage(await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Vienna' }))

  const ana = await open()
  const hands = handsOn(ana)
  await enrol(ana, product)

  await t.test('an application is made, and its key is shown once', async () => {
    await hands.find('make an application', 'Make an application')
    await ana.getByRole('dialog', { name: 'Make an application' }).waitFor()
    await hands.to('textbox', 'Name')
    await hands.type('Acme Notes')
    await hands.to('textbox', 'Origin 1')
    await hands.type('https://notes.acme.test')
    await hands.to('button', 'Make application')
    await hands.press('Enter')
    await ana
      .getByText(/hf_development_app_/)
      .first()
      .waitFor()
    await hands.to('checkbox', 'I have stored it. It is not shown again.')
    await hands.press('Space')
    await hands.to('button', /^(Done|Close)$/)
    await hands.press('Enter')
    await ana.getByRole('heading', { name: 'Acme Notes' }).first().waitFor()
    assert.equal(await ana.getByText(/hf_development_app_[\w-]{43}/).count(), 0)
  })

  await t.test('an organisation is made, and somebody invited into it', async () => {
    await hands.find('make an organisation', 'Make an organisation')
    await hands.to('textbox', 'Name')
    await hands.type('Labs')
    await hands.press('Enter')
    await hands.to('button', 'Invite by e-mail')
    await hands.press('Enter')
    await hands.to('textbox', 'E-mail')
    await hands.type(BEN)
    await hands.to('button', 'Send invitation')
    await hands.press('Enter')
    await ana.getByText(`${BEN} is invited`).waitFor()
  })

  const ben = await open()
  await t.test('who was invited comes in', () => acceptInvitation(ben, product))

  await t.test('the sign-in arrives in statistics and in the audit', async () => {
    await hands.find('statistics', 'Statistics')
    await ana.getByRole('heading', { name: 'Statistics', level: 1 }).waitFor()
    // Ana's enrolment and Ben's: both by code, both within this hour.
    const figure = ana.locator('dt', { hasText: /^Sign-ins$/ }).locator('xpath=following-sibling::dd[1]')
    await figure.filter({ hasText: /^2$/ }).waitFor()
    await hands.find('audit', 'Audit')
    await ana.getByRole('row').filter({ hasText: 'Signed in by code' }).filter({ hasText: BEN }).first().waitFor()
  })

  const cleo = await open()
  await t.test('why another was signed out is found', async () => {
    await signInToDemo(cleo, product, CLEO)
    await signOutOfDemo(cleo, product)
    await hands.find('signed out', 'Find out why somebody was signed out')
    await ana.getByRole('heading', { name: 'Why was I signed out?', level: 1 }).waitFor()
    await hands.to('combobox', 'User')
    await hands.type('cleo')
    await ana.getByRole('option', { name: CLEO }).waitFor()
    await hands.press('ArrowDown', 'Enter')
    const answer = ana.getByRole('region', { name: 'The answer' })
    // The page reads again every half minute, if the app's word of it is late.
    await answer
      .getByText(/signed out in that browser/)
      .first()
      .waitFor({ timeout: 2 * PATIENCE_MS })
  })

  await t.test('a session is revoked, and the person is out', async () => {
    await hands.find(BEN, BEN)
    await hands.to('button', 'End all sessions')
    await hands.press('Enter')
    await confirm(ana, hands, /^End (all sessions|all|every session)/)
    await ben.goto(`${product.accessUrl}/account`)
    await ben.getByText('Ended by an administrator.').first().waitFor()
  })

  await t.test('a deletion is ordered and undone', async () => {
    await choose(hands, ana, 'Delete account')
    await confirm(ana, hands, 'Delete account')
    await ana
      .getByText(/is going to be deleted/)
      .first()
      .waitFor()
    await choose(hands, ana, 'Undo deletion')
    await confirm(ana, hands, 'Undo deletion')
    await ana
      .getByText(/stays$/)
      .first()
      .waitFor()
    await hands.find('audit', 'Audit')
    await ana.getByRole('row').filter({ hasText: BEN }).filter({ hasText: /delet/i }).nth(1).waitFor()
  })
})

async function newPage(context: BrowserContext): Promise<Page> {
  context.setDefaultTimeout(PATIENCE_MS)
  return context.newPage()
}

async function enrol(page: Page, product: Product): Promise<void> {
  const hands = handsOn(page)
  const askedAt = new Date()
  await page.goto(product.enrolmentUrl)
  await hands.to('textbox', 'Your e-mail')
  await hands.type(ANA)
  await hands.press('Enter')
  await hands.to('textbox', 'Code')
  await hands.type(await product.codeFor(ANA, askedAt))
  await hands.to('link', 'Open the console')
  await hands.press('Enter')
  await page.waitForURL('**/console/**')
  await page.getByRole('heading', { level: 1 }).waitFor()
}

async function acceptInvitation(page: Page, product: Product): Promise<void> {
  const hands = handsOn(page)
  await page.goto(await product.linkFor(BEN, /\/invitation\/\S+/))
  await hands.to('button', /Sign in|Accept|Join|Continue/)
  const askedAt = new Date()
  await hands.press('Enter')
  await hands.to('textbox', 'Code')
  await hands.type(await product.codeFor(BEN, askedAt))
  await hands.to('button', /Accept|Join/)
  await hands.press('Enter')
  await page
    .getByText(/You are (now )?(in|a member of) Labs|Labs/)
    .first()
    .waitFor()
}

async function signInToDemo(page: Page, product: Product, email: string): Promise<void> {
  const hands = handsOn(page)
  await page.goto(product.demoUrl)
  await hands.to('link', 'Sign in')
  await hands.press('Enter')
  await hands.to('textbox', 'E-mail')
  await hands.type(email)
  const askedAt = new Date()
  await hands.press('Enter')
  await hands.to('textbox', 'Code')
  await hands.type(await product.codeFor(email, askedAt))
  await page.waitForURL(`${product.demoUrl}/**`)
  await page.getByText('Who am I, and how do you know?').first().waitFor()
}

async function signOutOfDemo(page: Page, product: Product): Promise<void> {
  const hands = handsOn(page)
  await hands.to('button', 'Sign out')
  await hands.press('Enter')
  await page.waitForURL((url) => url.origin === product.demoUrl && !url.pathname.startsWith('/auth/'))
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
}

/** One of the deeds behind "More", by its arrow keys. */
async function choose(hands: Hands, page: Page, name: string): Promise<void> {
  await hands.to('button', 'More')
  await hands.press('Enter')
  const item = page.getByRole('menuitem', { name, exact: true })
  await item.waitFor()
  await hands.press('ArrowDown')
  for (let stop = 0; stop < 20; stop++) {
    if (await hasFocus(item)) break
    await hands.press('ArrowDown')
  }
  await hands.press('Enter')
}

async function confirm(page: Page, hands: Hands, name: string | RegExp): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name }).first().waitFor()
  // The button that opened it may have the same name, and the focus until the dialog takes it.
  await dialog.and(page.locator(':focus-within')).waitFor()
  await hands.to('button', name)
  await hands.press('Enter')
  // It closes when access has done it.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}
