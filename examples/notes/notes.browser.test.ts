import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { until } from '../../sdk/testing/until.ts'
import { violationsIn } from '../../sdk/testing/violations.ts'
import { openFieldnotes, type TestFieldnotes } from './testing/open-fieldnotes.ts'

const CHROMIUM = '/usr/bin/chromium'
const skip = !existsSync(CHROMIUM) && process.env.CI !== 'true' && 'install Chromium: apt-get install chromium'
const PATIENCE_MS = 30_000
/** For a person to look at. */
const PICTURES = fileURLToPath(new URL('../../.scratch/fieldnotes/', import.meta.url))

let browser: Browser
before(async () => {
  if (skip) return
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  })
  await mkdir(PICTURES, { recursive: true })
})
after(() => browser?.close())

/** A page of somebody who is signed in, and everything that its console or policy complained of. */
async function openPage(app: TestFieldnotes, options: BrowserContextOptions = {}) {
  const session = app.access.signIn()
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  await context.addCookies([
    { name: 'hf_session', value: session.handle, url: app.notes.url, httpOnly: true },
    { name: 'hf_proof', value: app.access.proofOf(session), url: app.notes.url, httpOnly: true },
  ])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // That an answer is 503 is what is asked for; whatever else is said is a fault.
    if (message.type() === 'error' && !/status of 503/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { context, page, session, complaints }
}

async function assertGood(page: Page, name: string, width: number): Promise<void> {
  await picture(page, { path: `${PICTURES}${name}.png`, fullPage: true })
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than ${width}`)
  // That a page which waits comes back by itself is the promise; it holds nothing that a reader could lose by it.
  assert.deepEqual(await violationsIn(page, { without: ['meta-refresh'] }), [], name)
}

test('every page is right for a telephone and a wide window, light and dark, and for a screen reader', {
  skip,
}, async (context) => {
  await using app = await openFieldnotes()
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
    ['light', 1600],
  ] as const) {
    await context.test(`${colorScheme}, ${width} px`, async () => {
      const viewport = { width, height: 900 }
      const { context: signedIn, page, complaints } = await openPage(app, { colorScheme, viewport })
      const look = async (name: string, path: string) => {
        await page.goto(app.notes.url + path)
        await assertGood(page, `${name}-${colorScheme}-${width}`, width)
      }
      await page.goto(app.notes.url)
      await page.getByLabel('Write something down').fill('Gauge at the north weir reads 4 cm low. Looked twice.')
      await page.getByRole('button', { name: 'Add note' }).click()
      await page
        .getByRole('button', { name: /Delete the note/ })
        .first()
        .waitFor()
      await look('notes', '/')
      await look('settings', '/settings')
      app.access.mode = 'database-away'
      await look('unknown', '/settings')
      app.access.mode = 'up'
      await look('signed-out', '/signed-out?reason=revoked&at=2026-11-21T08:42:00Z')
      await look('nothing', '/nothing')
      await signedIn.clearCookies()
      await look('front', '/')
      assert.deepEqual(
        complaints.filter((text) => !/status of 404/.test(text)),
        [],
      )
      await signedIn.close()
    })
  }
})

test('the open page follows an outage and its end by itself, and keeps its cookies', { skip }, async () => {
  await using app = await openFieldnotes()
  const { context, page, complaints } = await openPage(app)
  await page.goto(app.notes.url)
  const panel = page.getByRole('complementary')
  await panel.getByText('Kept up to date while you look.').waitFor()
  const cookies = (await context.cookies()).map(({ name }) => name).sort()
  await app.access.stop()
  await panel.getByText(/^not answering since \d\d:\d\d:\d\d UTC$/).waitFor()
  assert.equal(await panel.locator('[data-fact=verdict]').textContent(), 'valid')
  const age = await panel.locator('[data-age]').textContent()
  await until('the age grows', async () => (await panel.locator('[data-age]').textContent()) !== age)
  await app.access.start()
  await panel.getByText(/^answering since/).waitFor()
  assert.deepEqual((await context.cookies()).map(({ name }) => name).sort(), cookies)
  assert.deepEqual(complaints, [])
  await context.close()
})

test('a change of the flag new-view is on the open page without a reload, with the reason', { skip }, async () => {
  await using app = await openFieldnotes()
  const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' } as const
  app.access.flags.publish({ 'new-view': flag })
  const { context, page, complaints } = await openPage(app)
  await page.goto(app.notes.url)
  const panel = page.getByRole('complementary')
  await panel.getByText(/says “off” for somebody without an organisation, for everybody\.$/).waitFor()
  await page.locator('[data-view=old]').waitFor()
  await page.evaluate('document.body.dataset.same = "yes"')
  app.access.flags.publish({ 'new-view': { ...flag, defaultVariant: 'on' } })
  await panel.getByText(/says “on” for somebody without an organisation, for everybody\.$/).waitFor()
  await page.locator('[data-same=yes] [data-view=new]').waitFor()
  await panel.getByText(/^live, e1\.s2, confirmed/).waitFor()
  assert.deepEqual(complaints, [])
  await assertGood(page, 'new-view', 1280)
  await context.close()
})

test('the open page of a session that is ended says so within seconds, with the reason', { skip }, async () => {
  await using app = await openFieldnotes()
  const { context, page, session } = await openPage(app)
  await page.goto(app.notes.url)
  await page.getByText('Kept up to date while you look.').waitFor()
  const from = performance.now()
  app.access.revoke(session)
  await page.getByText('Ended by an administrator.').waitFor()
  assert.ok(performance.now() - from < 5000)
  assert.deepEqual(
    (await context.cookies()).filter(({ value }) => value !== ''),
    [],
  )
  await page.getByRole('link', { name: 'Front page' }).click()
  await page.getByRole('heading', { name: /What the team saw today/ }).waitFor()
  await context.close()
})

test('a page that could not be checked comes back by itself', { skip }, async () => {
  await using app = await openFieldnotes()
  const { context, page } = await openPage(app)
  await app.access.stop()
  await page.goto(`${app.notes.url}/settings`)
  await page.getByText('Holdfast is not answering.').waitFor()
  await app.access.start()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await context.close()
})

test('signing out in an outage is done at once, with the button of every page', { skip }, async () => {
  await using app = await openFieldnotes()
  const { context, page, session } = await openPage(app)
  await page.goto(app.notes.url)
  await app.access.stop()
  await page.getByText(/^not answering since/).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out of this app' }).waitFor()
  await page.getByRole('link', { name: 'Back to the app' }).click()
  await page.getByRole('heading', { name: /What the team saw today/ }).waitFor()
  await app.access.start()
  await until('access has been told', () => session.ended)
  await context.close()
})

test('the plain pages of the SDK are right as well, light and dark', { skip }, async () => {
  await using app = await openFieldnotes()
  await app.access.stop()
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    const { context, page, complaints } = await openPage(app, { colorScheme, viewport: { width, height: 900 } })
    for (const [name, path, heading] of [
      ['sdk-away', '/auth/sign-in', 'Sign-in is not answering'],
      ['sdk-sign-out', '/auth/sign-out', 'Sign out?'],
    ] as const) {
      await page.goto(app.notes.url + path)
      await page.getByRole('heading', { name: heading }).waitFor()
      await assertGood(page, `${name}-${colorScheme}-${width}`, width)
    }
    // A browser asks for an icon by itself, and the policy of these pages lets nothing in.
    assert.deepEqual(
      complaints.filter((text) => !/favicon/.test(text)),
      [],
    )
    await context.close()
  }
})

test('without script all of it works, and the panel says as of when it is', { skip }, async () => {
  await using app = await openFieldnotes()
  const { context, page } = await openPage(app, { javaScriptEnabled: false })
  await page.goto(app.notes.url)
  await page.getByText('As of when this page was made.').waitFor()
  await page.getByLabel('Write something down').fill('by hand')
  await page.getByRole('button', { name: 'Add note' }).click()
  await page.getByText('by hand').waitFor()
  await page.getByRole('button', { name: /Delete the note/ }).click()
  await page.getByText('Nothing is written down yet.').waitFor()
  await context.close()
})

/** Chromium now and then answers "Unable to capture screenshot" on a busy machine, and can the next time. */
async function picture(page: Page, options: { path: string; fullPage?: boolean }): Promise<void> {
  await page.screenshot(options).catch(() => page.screenshot(options))
}
