import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
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
const pages = { addresses: '/docs', problems: '/docs/problems', target: '/docs/problems#identity.wrong_code' }

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
const looks: (BrowserContextOptions & { name: string; rules: string[] | 'all' })[] = [
  { name: 'light', rules: 'all', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark', rules: ['color-contrast'], colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  {
    name: 'phone',
    rules: ['target-size', 'color-contrast'],
    colorScheme: 'light',
    viewport: { width: 390, height: 844 },
  },
  { name: 'wide', rules: ['color-contrast'], colorScheme: 'light', viewport: { width: 1600, height: 1000 } },
]

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
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
      const { violations } = await (rules === 'all' ? axe : axe.withRules(rules)).analyze()
      const told = violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])
      assert.deepEqual(told, [], `${name}, ${look}`)
      assert.equal(await page.evaluate(OVERFLOW), 0, `${name} is wider than the screen, ${look}`)
      assert.deepEqual(refused, [], `${name}: the browser refused something`)
      await page.screenshot({ path: new URL(`${name}.${look}.top.png`, SCREENSHOTS).pathname })
      await page.screenshot({ path: new URL(`${name}.${look}.png`, SCREENSHOTS).pathname, fullPage: true })
    }
    await context.close()
  })
}
