import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { until } from '../../../../sdk/testing/until.ts'
import { makeCertificateAuthority } from '../../../../doubles/index.ts'
import { systemClock } from '../../../platform/clock.ts'
import { openDatabaseServer } from '../../../platform/database/index.ts'
import { silentLog } from '../../../platform/log.ts'
import { openSecret } from '../../../platform/secret.ts'
import { makeTestFolder, removeTestFolder } from '../../../platform/testing/index.ts'
import { type Outside, putTestProvider, startOutside } from '../../providers/testing.ts'
import { openStage, type Stage } from '../../testing.ts'
import { DEADLINE_MS, openChromium, skip } from '../testing/chromium.ts'

/** Sign-in through a provider as a person meets it: a real Chromium, a real access process, a real provider that dies. */
const ANA = 'ana@acme.test'
const people = [
  { sub: 'ana', email: ANA, email_verified: true, name: 'Ana Álvarez' },
  { sub: 'bea', email: 'bea@other.test', email_verified: false, name: 'Bea' },
]

const held = new AsyncDisposableStack()
let stage: Stage
let outside: Outside
let chrome: Browser

before(async () => {
  if (skip) return
  const folder = await makeTestFolder()
  held.defer(() => removeTestFolder(folder))
  const authority = makeCertificateAuthority()
  const file = join(folder, 'authority.pem')
  await writeFile(file, authority.cert)
  stage = held.use(await openStage({ folder, settings: { HOLDFAST_PROVIDERS_ON_LOOPBACK: file } }))
  outside = held.use(await startOutside({ url: stage.url, people, authority }))
  const { databaseUrl: url } = stage.database
  const server = held.use(openDatabaseServer({ url, name: 'test', clock: systemClock, log: silentLog }))
  const secret = await openSecret(join(folder, 'secret.key'))
  const parts = { db: server.database('background'), secret }
  await putTestProvider(parts, { issuer: outside.oidc.issuer, trusts_email: true, domains: ['acme.test'] })
  chrome = await openChromium()
  held.defer(() => chrome.close())
  // It comes to know of it by itself.
  await until('the provider is known', async () => {
    const answer = await fetch(`${stage.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'email=nobody@acme.test',
    })
    return answer.status === 200
  })
})
after(() => held.disposeAsync())

async function openPage(options: BrowserContextOptions = {}) {
  const context = await chrome.newContext({ baseURL: stage.url, ignoreHTTPSErrors: true, ...options })
  context.setDefaultTimeout(DEADLINE_MS)
  const page = await context.newPage()
  return { page, [Symbol.asyncDispose]: () => context.close() }
}

async function typeAddress(page: Page, email: string) {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Send code' }).click()
}

for (const javaScriptEnabled of [true, false]) {
  test(`a person types an address of the domain and comes in through the provider${javaScriptEnabled ? '' : ', without script'}`, {
    skip,
  }, async () => {
    await using opened = await openPage({ javaScriptEnabled })
    const { page } = opened
    await typeAddress(page, ANA)
    await page.getByRole('button', { name: 'Continue with Acme SSO' }).click()
    await page.waitForURL(/\/account/)
    assert.match((await page.textContent('main')) ?? '', /ana@acme\.test|passkey/)
    await page.goto('/account/linked-identities')
    assert.match((await page.textContent('main')) ?? '', /Acme SSO as ana@acme\.test/)
  })
}

test('when the provider dies, the same account is reached by a code, and the page says why', { skip }, async () => {
  await using opened = await openPage()
  const { page } = opened
  const away = { status: 503, body: '<!doctype html><title>away</title>' }
  await outside.behave({ answers: { authorization: away, token: away } })
  // What was seen less than five seconds ago still counts: then the way leads to the provider, and whoever comes back tries again.
  await until('the page says that it does not answer', async () => {
    await typeAddress(page, ANA)
    const heading = page.getByRole('heading', { name: /Acme SSO (does not answer|is down)/ })
    if (await heading.isVisible()) return true
    await page.getByRole('button', { name: 'Continue with Acme SSO' }).click()
    await Promise.race([heading.waitFor(), page.waitForURL(`${outside.oidc.issuer}/**`)])
    return heading.isVisible()
  })
  await page.getByRole('button', { name: `Send a code to ${ANA}` }).click()
  await page.waitForURL(/\/sign-in\/code/)
  await page.getByLabel('Code').pressSequentially((await stage.mailTo(ANA)).code)
  await page.waitForURL(/\/account/)
  await page.goto('/account/linked-identities')
  assert.match((await page.textContent('main')) ?? '', /Acme SSO as ana@acme\.test/, 'it is the same account')
  await outside.behave({ answers: {} })
})
