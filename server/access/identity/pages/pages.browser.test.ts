import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { violationsIn } from '../../../../sdk/testing/violations.ts'
import { gallery } from './testing.ts'

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
const SCREENSHOTS = new URL('../../../../.scratch/pages/', import.meta.url)
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; form-action 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"

const ASSETS = new URL('../../../assets/', import.meta.url)
const TYPES: Record<string, string> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}
/** What is looked at must not leave by itself; what is waited for must not take long. */
const german = Object.fromEntries(
  Object.entries(gallery({ retrySeconds: 3600, language: 'de' })).map(([name, page]) => [`de/${name}`, page]),
)
/** Names and addresses of others are as long as they like. */
const long = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe-Magdalena@verwaltungsgemeinschaft.example'
const crowded = Object.fromEntries(
  Object.entries(gallery({ retrySeconds: 3600, language: 'de', text: long })).map(([name, page]) => [
    `long/${name}`,
    page,
  ]),
)
const pages: Record<string, string> = {
  ...crowded,
  ...gallery({ retrySeconds: 3600 }),
  ...german,
  'unavailable-soon': gallery({ retrySeconds: 1 }).unavailable!,
}
const posted: { path: string; body: string }[] = []
let waiting: (() => void) | undefined

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url!, 'http://localhost').pathname
  const asset = path.match(/^\/assets\/([\w-]+\.(\w+))$/)
  if (asset) {
    response.writeHead(200, { 'content-type': TYPES[asset[2]!]! })
    return void response.end(await readFile(new URL(asset[1]!, ASSETS)))
  }
  if (path.startsWith('/v1/')) {
    // A challenge, for a relying party that this page is not: what waits for autofill ends at once.
    const options = { challenge: 'AAAA', rpId: 'acme.test', timeout: 300_000, userVerification: 'required' }
    response.writeHead(200, { 'content-type': 'application/json' })
    return void response.end(JSON.stringify({ options, expires_at: new Date().toISOString() }))
  }
  if (request.method === 'POST') {
    posted.push({ path, body: await text(request) })
    waiting?.()
  }
  const page = pages[path.slice(1)] ?? pages['signed-out']
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY }).end(page)
}

const server = createServer((request, response) => void answer(request, response))
let browser: Browser
let origin: string

before(async () => {
  if (skip) return
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: BROWSER_DEADLINE_MS })
  await mkdir(SCREENSHOTS, { recursive: true })
})
after(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
})

const DESK = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }

type Opened = Awaited<ReturnType<typeof openPage>>

async function openPage(name: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: DESK, ...options })
  context.setDefaultTimeout(BROWSER_DEADLINE_MS)
  const page = await context.newPage()
  const refused: string[] = []
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()))
  page.on('pageerror', (error) => refused.push(String(error)))
  await page.goto(`${origin}/${name}`)
  return { page, refused, [Symbol.asyncDispose]: () => context.close() }
}

/** Resolves when a form has arrived; posts nothing by itself. */
function nextPost(): Promise<void> {
  return new Promise((resolve) => (waiting = resolve))
}

/** All rules once; then those whose answer another look can change. */
const looks = [
  { name: 'light', rules: [], colorScheme: 'light', viewport: DESK },
  { name: 'dark', rules: ['color-contrast'], colorScheme: 'dark', viewport: DESK },
  { name: 'phone', rules: ['target-size'], colorScheme: 'light', viewport: PHONE },
] as const
const inGerman = [{ name: 'german', rules: ['target-size'], colorScheme: 'dark', viewport: PHONE }] as const

interface Look {
  name: string
  /** Of axe; none: all of them. */
  rules: readonly string[]
  colorScheme: 'light' | 'dark'
  viewport: { width: number; height: number }
}

async function assertReadable({ page, refused }: Opened, name: string, look: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: look.colorScheme })
  await page.setViewportSize(look.viewport)
  const violations = await violationsIn(page, { rules: look.rules.length > 0 ? look.rules : undefined })
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const told = grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
  assert.deepEqual(told, [], `${name}, ${look.name}`)
  assert.equal(await page.evaluate(OVERFLOW), 0, `${name} is wider than the screen, ${look.name}`)
  assert.deepEqual(refused, [], `${name}: the browser refused something`)
  await picture(page, {
    path: new URL(`${name.replace('/', '-')}.${look.name}.png`, SCREENSHOTS).pathname,
    fullPage: true,
  })
}

for (const [language, names, held] of [
  ['English', Object.keys(gallery()), looks],
  ['German', Object.keys(german), inGerman],
] as const) {
  test(`every page can be read by everybody (${language})`, { skip }, async () => {
    await using opened = await openPage('signed-out', { reducedMotion: 'reduce' })
    for (const name of names) {
      await opened.page.goto(`${origin}/${name}`)
      for (const look of held) await assertReadable(opened, name, look)
    }
  })
}

test('the longest words and names fit on the narrowest telephone, in every language', { skip }, async () => {
  await using opened = await openPage('signed-out', { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' })
  for (const name of [...Object.keys(gallery()), ...Object.keys(german), ...Object.keys(crowded)]) {
    await opened.page.goto(`${origin}/${name}`)
    assert.equal(await opened.page.evaluate(OVERFLOW), 0, `${name} is wider than the screen`)
  }
})

test('six digits are sent by themselves, typed or pasted with a space, once', { skip }, async () => {
  posted.length = 0
  await using opened = await openPage('code')
  const field = opened.page.getByLabel('Code')
  assert.equal(await opened.page.evaluate('document.activeElement.name'), 'code', 'the field has the focus')
  const arrived = nextPost()
  await field.fill('482 913')
  await arrived
  await opened.page.waitForURL('**/sign-in/code')
  assert.deepEqual(
    posted.map(({ path }) => path),
    ['/sign-in/code'],
  )
  assert.match(posted[0]!.body, /code=482\+913/)
})

test('without script every form is still sent, and the page of an outage still tries again', { skip }, async () => {
  posted.length = 0
  await using opened = await openPage('code', { javaScriptEnabled: false })
  await opened.page.getByLabel('Code').fill('482913')
  await opened.page.getByRole('button', { name: 'Sign in' }).click()
  await opened.page.waitForURL('**/sign-in/code')
  assert.match(posted[0]!.body, /return_to=https.*&application=app_demo&code=482913/)

  await using outage = await openPage('unavailable-soon', { javaScriptEnabled: false })
  await outage.page.waitForURL('**/sign-in?a=b')
})

test('the page of an outage sends what was typed again, by itself', { skip }, async () => {
  posted.length = 0
  const arrived = nextPost()
  await using _opened = await openPage('unavailable-soon')
  await arrived
  assert.match(posted[0]!.body, /email=|return_to=/)
})

test('a new code can be asked for after the wait, which counts down', { skip }, async () => {
  await using opened = await openPage('code')
  const button = opened.page.getByRole('button', { name: /Send a new code \(in \d+ s\)/ })
  assert.ok(await button.isDisabled())
  await using later = await openPage('code-wrong')
  assert.ok(await later.page.getByRole('button', { name: 'Send a new code', exact: true }).isEnabled())
})

test('times are shown in the zone of the browser, with UTC on hover', { skip }, async () => {
  await using opened = await openPage('code', { timezoneId: 'Asia/Kathmandu' })
  const time = opened.page.locator('time').first()
  // Another day than the machine's, so the date stands beside the time.
  assert.match((await time.textContent())!, /16:32$/)
  assert.equal(await time.getAttribute('title'), '2026-11-21 10:47:30 UTC')
})

/** For a person to look at; in CI nobody would. Chromium now and then answers "Unable to capture screenshot" on a busy machine, and can the next time. */
async function picture(page: Page, options: { path: string; fullPage?: boolean }): Promise<void> {
  if (process.env.CI) return
  await page.screenshot(options).catch(() => page.screenshot(options))
}
