/** Flags in a page of another origin, in a real browser: the built SDK and the official web SDK, against a whole access process. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { until } from '../../sdk/testing/until.ts'
import { enrol, type Jar, openStage, type Stage, type Visitor, visitorOf } from './testing.ts'

const CHROMIUM = '/usr/bin/chromium'
const skip = !existsSync(CHROMIUM) && process.env.CI !== 'true' && 'install Chromium: apt-get install chromium'
/** Generous: two cores, with others at work on them. */
const PATIENCE_MS = 60_000
const ROOT = join(import.meta.dirname, '..', '..')
const asConsole = { 'holdfast-audience': 'console' }

/** What the page may load, and from where. */
const SERVED: Record<string, string> = {
  '/sdk/': 'sdk/dist/',
  '/core/': 'node_modules/@openfeature/core/dist/esm/',
  '/web-sdk/': 'node_modules/@openfeature/web-sdk/dist/esm/',
}

const stack = new AsyncDisposableStack()
let stage: Stage
let visitor: Visitor
let root: Jar
let browser: Browser
let site: { origin: string; show(html: string): void }

before(async () => {
  if (skip) return
  assertBuilt()
  stage = stack.use(await openStage())
  visitor = visitorOf(stage)
  root = await enrol(stage, visitor, 'root@acme.test')
  site = await openSite()
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run']
  browser = await chromium.launch({ executablePath: CHROMIUM, args, timeout: PATIENCE_MS })
})
after(async () => {
  await browser?.close()
  await stack.disposeAsync()
})

/** A page that loads yesterday's build tests nothing. */
function assertBuilt(): void {
  const built = join(ROOT, 'sdk/dist/package.json')
  const timeOf = (path: string) => statSync(path).mtimeMs
  const sources = globSync(['sdk/openfeature-web.ts', 'sdk/provider-events.ts', 'sdk/flags/{*,web/*}.ts'], {
    cwd: ROOT,
  })
  const isStale = !existsSync(built) || sources.some((path) => timeOf(join(ROOT, path)) > timeOf(built))
  assert.ok(!isStale, 'the SDK is not built, or from before its last change: npm run build')
}

/** Another origin than that of access, with modules as they are installed and built. */
async function openSite() {
  let html = ''
  const server = createServer(({ url = '/' }, response) => {
    const folder = Object.keys(SERVED).find((each) => url.startsWith(each))
    const path = folder && join(ROOT, SERVED[folder]!, url.slice(folder.length))
    if (path && /^[\w./-]+\.js$/.test(url) && !url.includes('..') && existsSync(path))
      response.setHeader('content-type', 'text/javascript').end(readFileSync(path))
    else if (url === '/') response.setHeader('content-type', 'text/html; charset=utf-8').end(html)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stack.defer(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  })
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, show: (text: string) => void (html = text) }
}

/** An app as it would be written: what a flag says stands on the page, and what is told of the provider beside it. */
const pageOf = (options: { url: string; token: string; trust?: string }) => `<!doctype html>
<html lang="en"><title>Shop</title><link rel="icon" href="data:,">
<script type="importmap">{ "imports": {
  "@openfeature/web-sdk": "/web-sdk/index.js",
  "@openfeature/core": "/core/index.js",
  "@holdfast/sdk/openfeature-web": "/sdk/openfeature-web.js"
} }</script>
<h1>Shop</h1>
<p>View: <output id="view">not asked</output></p>
<p>Provider: <output id="status">none</output></p>
<p>Source: <output id="source">none</output></p>
<p>Told: <output id="told"></output></p>
<script type="module">
  import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk'
  import { HoldfastWebProvider } from '@holdfast/sdk/openfeature-web'

  const provider = new HoldfastWebProvider(${JSON.stringify(options)})
  const client = OpenFeature.getClient()
  const put = (id, text) => { document.getElementById(id).textContent = text }
  const show = (details) => {
    const { value, reason } = client.getStringDetails('shop-view', 'the default of the app')
    put('view', value + ' (' + reason + ')')
    put('status', client.providerStatus)
    put('source', provider.flagsStatus().source + ' ' + provider.flagsStatus().seq)
    if (details?.message) put('told', details.message)
  }
  for (const event of Object.values(ProviderEvents)) client.addHandler(event, show)
  await OpenFeature.setContext({ targetingKey: 'usr_1', plan: 'pro' })
  await OpenFeature.setProviderAndWait(provider).catch(() => {})
  show()
</script></html>`

async function change(path: string, body: unknown): Promise<Record<string, unknown>> {
  const seen = await visitor.post(path, body, root, { ...asConsole, origin: stage.url })
  assert.ok(seen.status < 300, `${seen.status} ${seen.text}`)
  return seen.body
}

/** A browser token, as soon as access lets pages of that origin ask. */
async function makeToken(): Promise<string> {
  const { secret } = await change('/v1/browser-tokens', { name: 'Shop', origins: [site.origin] })
  const preflight = { method: 'OPTIONS', headers: { origin: site.origin } }
  await until('the origin is known', async () => {
    const { headers } = await visitor.ask('/ofrep/v1/evaluate/flags', preflight)
    return headers.get('access-control-allow-origin') === site.origin
  })
  return secret as string
}

const definitionOf = (forPro: string) => ({
  ...{ state: 'ENABLED', variants: { old: 'the old view', new: 'the new view' }, defaultVariant: 'old' },
  ...{ targeting: { if: [{ '==': [{ var: 'plan' }, 'pro'] }, forPro] }, metadata: { 'holdfast.client': true } },
})

/** Waits until the page shows it, as a person would see it. */
async function shows(page: Page, label: 'view' | 'status' | 'source' | 'told', text: string | RegExp): Promise<void> {
  const output = page.locator(`#${label}`).filter({ hasText: text })
  await output.waitFor({ timeout: PATIENCE_MS }).catch(async () => {
    assert.fail(`${label} is "${await page.locator(`#${label}`).textContent()}", and not ${text}`)
  })
}

async function openPage(context: BrowserContext) {
  const page = await context.newPage()
  const said: string[] = []
  const faults: string[] = []
  page.on('console', (message) => void said.push(message.text()))
  page.on('pageerror', (error) => void faults.push(error.message))
  await page.goto(site.origin)
  return { page, said, faults }
}

const stored = (page: Page) => page.evaluate<string | null>("localStorage.getItem('holdfast.flags')")
async function store(page: Page, text: string): Promise<void> {
  await page.evaluate(`localStorage.setItem('holdfast.flags', ${JSON.stringify(text)})`)
}

test('a page hears of a change without reload, answers from its storage while access is down, and refuses what was changed there', {
  skip,
}, async () => {
  const token = await makeToken()
  await change('/v1/flags', { key: 'shop-view', definition: definitionOf('old') })
  const { body: trusted } = await visitor.ask('/v1/flags/trust', { headers: asConsole }, root)
  const trust = trusted.fingerprint as string
  site.show(pageOf({ url: stage.url, token, trust }))
  await using context = await browser.newContext()
  const { page, said, faults } = await openPage(context)
  await shows(page, 'view', 'the old view (TARGETING_MATCH)')
  await shows(page, 'status', 'READY')
  const loadedAt = await page.evaluate('performance.timeOrigin')

  await change('/v1/flags/shop-view/kill', { variant: 'new' })
  await shows(page, 'view', /^the new view \((?:STATIC|DEFAULT|TARGETING_MATCH)\)$/)
  assert.equal(await page.evaluate('performance.timeOrigin'), loadedAt, 'it was not loaded again')
  await page.waitForFunction("localStorage.getItem('holdfast.flags')?.includes('the new view')")
  const kept = (await stored(page))!
  assert.ok(kept.includes('signature') && !kept.includes('usr_1') && !kept.includes('secret='))
  assert.deepEqual([said, faults], [[], []])

  await stage.stop()
  await shows(page, 'status', 'STALE')
  await shows(page, 'view', 'the new view (CACHED)')
  await page.reload()
  await shows(page, 'view', 'the new view (CACHED)')
  await shows(page, 'status', 'STALE')
  await shows(page, 'source', /^storage e1\.s\d+$/)
  await shows(page, 'told', 'Holdfast does not answer.')

  for (const [changed, fault] of [
    [kept.replace('the new view', 'free of charge'), 'bad_signature'],
    [kept.replace(/"signature":"[\w-]{86}","text":"\{\\"flags/, '"text":"{\\"flags'), 'unsigned'],
    [kept.slice(0, -20), 'unreadable'],
  ] as const) {
    assert.notEqual(changed, kept)
    await store(page, changed)
    await page.reload()
    await shows(page, 'view', 'the default of the app (ERROR)')
    await shows(page, 'status', 'ERROR')
    await shows(page, 'told', `(${fault})`)
  }
  await store(page, kept)
  await page.reload()
  await shows(page, 'view', 'the new view (CACHED)')
  assert.deepEqual(faults, [])
})
