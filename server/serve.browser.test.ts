import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { violationsIn } from '../sdk/testing/violations.ts'
import { openStage, type Stage } from './access/testing.ts'

const CHROMIUM = '/usr/bin/chromium'
const skip = !existsSync(CHROMIUM) && !process.env.CI && `no ${CHROMIUM} (apt-get install chromium)`
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Generous: two cores, with others at work on them. */
const BROWSER_DEADLINE_MS = 60_000
const SCREENSHOTS = new URL('../.scratch/docs/', import.meta.url)
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const pages = { addresses: '/docs', problems: '/docs/problems' }

let stage: Stage
let browser: Browser

before(async () => {
  if (skip) return
  stage = await openStage()
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: BROWSER_DEADLINE_MS })
  await mkdir(SCREENSHOTS, { recursive: true })
})
after(async () => {
  await browser?.close()
  await stage?.[Symbol.asyncDispose]()
})

/** All rules once; then those whose answer another look can change. */
const looks: (BrowserContextOptions & { name: string; rules: string[] | 'all' | 'none' })[] = [
  { name: 'light', rules: 'all', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark', rules: ['color-contrast'], colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  {
    name: 'phone',
    rules: ['target-size', 'color-contrast'],
    colorScheme: 'light',
    viewport: { width: 390, height: 844 },
  },
  { name: 'wide', rules: 'none', colorScheme: 'light', viewport: { width: 1600, height: 1000 } },
]

async function complaints(page: Page, rules: string[] | 'all' | 'none'): Promise<unknown[]> {
  if (rules === 'none') return []
  const violations = await violationsIn(page, { rules: rules === 'all' ? undefined : rules })
  return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])
}

for (const { name: look, rules, ...options } of looks) {
  test(`the documentation can be read by everybody, without script (${look})`, { skip }, async () => {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
    context.setDefaultTimeout(BROWSER_DEADLINE_MS)
    const page = await context.newPage()
    const refused: string[] = []
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()))
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${stage.url}${path}`)
      assert.equal(await page.locator('script').count(), 0)
      assert.deepEqual(await complaints(page, rules), [], `${name}, ${look}`)
      assert.equal(await page.evaluate(OVERFLOW), 0, `${name} is wider than the screen, ${look}`)
      assert.deepEqual(refused, [], `${name}: the browser refused something`)
      await picture(page, { path: new URL(`${name}.${look}.top.png`, SCREENSHOTS).pathname })
      await picture(page, { path: new URL(`${name}.${look}.png`, SCREENSHOTS).pathname, fullPage: true })
    }
    await context.close()
  })
}

test('a problem leads to its place on the page, below the bar', { skip }, async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(`${stage.url}/docs/problems#identity.wrong_code`)
  const place = await page.locator(':target').boundingBox()
  const bar = await page.locator('.bar').boundingBox()
  assert.ok(place && bar && place.y >= bar.y + bar.height && place.y < 400, JSON.stringify({ place, bar }))
  await picture(page, { path: new URL('target.png', SCREENSHOTS).pathname })
  await page.close()
})

test('on a telephone the contents are folded, and beside the text on a desk', { skip }, async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
  await page.goto(`${stage.url}/docs`)
  const entry = page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: /\/v1\/feed/ })
  assert.equal(await entry.count(), 0)
  await page.getByText('On this page').click()
  await entry.click()
  assert.match(page.url(), /#getFeed$/)
  await page.setViewportSize({ width: 1280, height: 900 })
  assert.equal(await entry.count(), 1)
  await page.close()
})

/** Chromium now and then answers "Unable to capture screenshot" on a busy machine, and can the next time. */
async function picture(page: Page, options: { path: string; fullPage?: boolean }): Promise<void> {
  await page.screenshot(options).catch(() => page.screenshot(options))
}
