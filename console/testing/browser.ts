/**
 * The one place that knows about browsers. Without Chromium the browser tests are skipped with a line that says what to
 * install; where CI is set nothing may skip, so they fail.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { violationsIn } from '../../sdk/testing/violations.ts'
import { type Double, openDouble } from './double.ts'

const CHROMIUM = '/usr/bin/chromium'
const ROOT = join(import.meta.dirname, '..')
const SCRATCH = join(ROOT, '../.scratch/console')
/** Far longer than anything a page promises: a busy machine makes tests slow, and must not make them fail. */
const PATIENCE_MS = 30_000

/** Longer than any run of the tests. */
const BUILD_KEPT_MS = 30 * 60_000

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Visit {
  page: Page
  double: Double
  /** Opens a path of the console, such as `/users`. */
  open(path: string): Promise<void>
}

export interface Reader {
  width?: number
  height?: number
  colorScheme?: 'light' | 'dark'
}

/** A promise that is held in a real browser against the double of access. */
export function browserTest(name: string, check: (visit: Visit) => Promise<void>, reader: Reader = {}) {
  const isMissing = !existsSync(CHROMIUM)
  if (isMissing && !process.env.CI) {
    test(name, { skip: `no Chromium: install it (apt-get install chromium) so that ${CHROMIUM} exists` }, () => {})
    return
  }
  if (!isClosing) after(closeBrowser)
  isClosing = true
  test(name, async () => {
    if (isMissing) throw new Error(`CI runs the browser tests, but there is no ${CHROMIUM}. Install chromium.`)
    await using double = await openDouble({ dist: await builtConsole() })
    await using visitor = await openContext(reader)
    const { page } = visitor
    await check({ page, double, open: async (path) => void (await page.goto(`${double.url}/console${path}`)) })
    if (visitor.complaints.length > 0) throw new Error(`The browser complained:\n${visitor.complaints.join('\n')}`)
  })
}

/** One browser for all tests of a file: only a context of its own keeps visits apart, and it costs a tenth. */
let browser: Promise<Browser> | undefined
let isClosing = false

function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: flags })
  return browser
}

async function closeBrowser() {
  await (await browser)?.close()
}

const readerOf = ({ width = 1280, height = 800, colorScheme = 'light' }: Reader) =>
  ({ viewport: { width, height }, colorScheme }) as const

/** The page that is open, as somebody else looks at it. */
export async function readAs(page: Page, reader: Reader): Promise<void> {
  const { viewport, colorScheme } = readerOf(reader)
  await page.emulateMedia({ colorScheme })
  await page.setViewportSize(viewport)
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
}

async function openContext(reader: Reader) {
  const context = await (await theBrowser()).newContext({
    ...readerOf(reader),
    locale: 'en-GB',
    timezoneId: 'Europe/Lisbon',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A refused or missing answer is what outage tests are about; anything else is a fault of ours.
    const isAnswer = message.text().startsWith('Failed to load resource')
    // What axe wants to run in a frame that is kept from scripts is kept from running, as anything else there.
    const isAxeKeptOut = message.text().startsWith('Blocked script execution')
    if (message.type() === 'error' && !isAnswer && !isAxeKeptOut) complaints.push(message.text())
  })
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** ⌘K, and the field has the focus: a program types faster than a dialog opens. */
export async function openPalette(page: Page) {
  await page.keyboard.press('ControlOrMeta+k')
  const field = page.getByRole('textbox', { name: 'Search everything' })
  await field.and(page.locator(':focus')).waitFor()
}

/** Fails with what axe found to be serious or critical, and where. `rules`: those that another look can change; else all. */
export async function assertAccessible(page: Page, rules?: string[]) {
  const violations = await violationsIn(page, { rules })
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const said = grave.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  )
  if (said.length > 0) throw new Error(`Not accessible at ${page.url()}:\n${said.join('\n')}`)
}

/** For a person to look at, in .scratch/console; in CI nobody would. */
export async function takePicture(page: Page, name: string) {
  if (process.env.CI) return
  await mkdir(SCRATCH, { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  await picture(page, { path: join(SCRATCH, `${name}.png`) })
}

/** One build for all tests of a file: two at once would write into one folder. */
let built: Promise<string> | undefined

function builtConsole(): Promise<string> {
  built ??= buildConsole()
  return built
}

/** The console as it is now, built once for each state of its files, whichever test file comes first. */
async function buildConsole(): Promise<string> {
  const hash = createHash('sha256')
  const sources = await Array.fromAsync(glob(['app/**/*', 'public/*', 'index.html', 'vite.config.ts'], { cwd: ROOT }))
  for (const path of sources.sort()) {
    const file = join(ROOT, path)
    if ((await stat(file)).isFile()) hash.update(path).update(await readFile(file))
  }
  const ours = await Array.fromAsync(glob(['*.ts', 'flags/**/*.ts'], { cwd: join(ROOT, '../sdk') }))
  for (const path of ours.sort()) hash.update(path).update(await readFile(join(ROOT, '../sdk', path)))
  const target = join(SCRATCH, 'builds', hash.digest('hex').slice(0, 16))
  if (existsSync(target)) return target

  const making = `${target}.${process.pid}`
  await build({ root: ROOT, configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error', build: { outDir: making } })
  // Another test file may have built the same meanwhile; then its result is as good.
  await rename(making, target).catch(() => rm(making, { recursive: true, force: true }))
  await removeOldBuilds()
  return target
}

/** Builds of earlier states of the files go, but not one that another run may be serving at this moment. */
async function removeOldBuilds() {
  for await (const name of glob('*', { cwd: join(SCRATCH, 'builds') })) {
    const folder = join(SCRATCH, 'builds', name)
    const { mtimeMs } = await stat(folder)
    if (Date.now() - mtimeMs > BUILD_KEPT_MS) await rm(folder, { recursive: true, force: true })
  }
}

/** Chromium now and then answers "Unable to capture screenshot" on a busy machine, and can the next time. */
async function picture(page: Page, options: { path: string; fullPage?: boolean }): Promise<void> {
  await page.screenshot(options).catch(() => page.screenshot(options))
}
