import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { until } from '../../../../sdk/testing/until.ts'
import { sql } from '../../../platform/database/index.ts'
import { letPass } from '../../providers/testing.ts'
import type { ProviderState } from '../../providers/index.ts'
import { ANA, type FederationRig, openFederationRig, TRUSTED } from '../federation/testing.ts'
import { organizationOf, put, staffIn } from '../organizations/testing.ts'
import type { Parts } from '../parts.ts'
import { HERE } from '../testing.ts'
import { DEADLINE_MS, openChromium, plugAuthenticator, signOut, skip } from '../testing/chromium.ts'
import { followVerdicts } from './follow-verdicts.ts'
import { STRICT } from './testing.ts'

/** An outage as people meet it: a real Chromium with an authenticator, and a real provider whose server is gone for a while. */
const DANA = 'dana@other.test'
const ASSETS = {
  prefix: '/assets/',
  folder: fileURLToPath(new URL('../../../assets', import.meta.url)),
  policy: "default-src 'none'",
}
/** More than the slowest rhythm, so that each time the provider is looked at. */
const ROUND_MS = 11_000
/** Down after two, back after seven; on a busy machine a round may count for nothing. */
const ROUNDS_MAX = 30

const held = new AsyncDisposableStack()
let rig: FederationRig
let parts: Parts
let chrome: Browser

before(async () => {
  if (skip) return
  const routes = (given: Parts) => {
    parts = given
    return []
  }
  const settings = { name: 'Acme login', ...TRUSTED }
  rig = held.use(await openFederationRig(settings, { folders: [ASSETS], routes, isControlled: true }))
  // It listens anywhere, and its pages are those of one address.
  const rules = `--host-resolver-rules=MAP ${new URL(HERE).host} ${new URL(rig.url).host}`
  chrome = await openChromium([rules])
  held.defer(() => chrome.close())
})
after(() => held.disposeAsync())

interface Opened extends AsyncDisposable {
  page: Page
  /** Whether somebody touches the sensor whenever they are asked to. */
  touches(isTouching: boolean): Promise<void>
}

async function openBrowser(): Promise<Opened> {
  const context = await chrome.newContext({ baseURL: HERE, ignoreHTTPSErrors: true, locale: 'en-GB' })
  context.setDefaultTimeout(DEADLINE_MS)
  const page = await context.newPage()
  const touches = await plugAuthenticator(page, { isSynced: true })
  return { page, touches, [Symbol.asyncDispose]: () => context.close() }
}

async function typeAddress(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Send code' }).click()
}

const throughProvider = (page: Page) => page.getByRole('button', { name: 'Continue with Acme login' }).click()

const arrive = (page: Page) => page.waitForURL('**/account')

/** Whose session this browser has, and how it came to be. */
async function whoIs(page: Page): Promise<{ id: string; amr: string[] }> {
  const { session } = (await page.evaluate("fetch('/v1/session').then((answer) => answer.json())")) as {
    session: { user: { id: string }; amr: string[] }
  }
  return { id: session.user.id, amr: session.amr.toSorted() }
}

const job = (name: string) => rig.providers.jobs.find((each) => each.name === name)!

const looksSoFar = async () =>
  (await rig.db.one<{ count: number }>(sql`select count(*)::int as count from providers.evidence`)).count

/** What runs by itself, with the time between two rounds gone by at once, until the provider is held to be so. */
async function roundsUntil(state: ProviderState): Promise<void> {
  const { id } = rig.provider
  for (let round = 0; round < ROUNDS_MAX && rig.providers.verdictOf(id)?.state !== state; round++) {
    await letPass(rig, ROUND_MS)
    await rig.providers.reload()
    const before = await looksSoFar()
    await until('the provider was looked at', async () => {
      await job('look at providers').run()
      return (await looksSoFar()) > before
    })
  }
  await until(`the provider is ${state}`, () => rig.providers.verdictOf(id)?.state === state)
  await followVerdicts(parts)
}

/** Her passkey was made in a session of the provider, and signs in by autofill; then her company demands the provider. */
async function beginAsAna({ page, touches }: Opened): Promise<string> {
  await typeAddress(page, ANA)
  await throughProvider(page)
  await page.waitForURL('**/account/passkeys/offer?*')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await arrive(page)
  const { id, amr } = await whoIs(page)
  assert.deepEqual(amr, ['fed'])
  await signOut(page)
  await page.goto('/sign-in', { waitUntil: 'commit' })
  await arrive(page)
  assert.equal((await whoIs(page)).id, id)
  await touches(false)
  await signOut(page)

  const staff = await staffIn(rig)
  const organizationId = await organizationOf(staff, 'Acme Labs')
  const policy = { ...STRICT, provider_id: rig.provider.id }
  const path = `/v1/organizations/${organizationId}/sign-in-policy`
  const saved = await staff.ask('PUT', path, { policy, reason: null, epoch: 0 })
  assert.equal(saved.status, 200, saved.text)
  await put(rig, organizationId, id, ['member'])
  // She has had it for a while: rounds that go by make an outage older, and it must not seem to be made in one.
  await rig.db.run(sql`update identity.passkey set created_at = created_at - interval '1 hour' where user_id = ${id}`)
  return id
}

/** She has no company here, and no passkey. */
async function beginAsDana({ page }: Opened): Promise<string> {
  await typeAddress(page, DANA)
  await throughProvider(page)
  await page.getByRole('button', { name: 'Not now' }).click()
  await arrive(page)
  const { id } = await whoIs(page)
  await signOut(page)
  return id
}

test('the provider is gone and comes back with other keys: people reach their accounts by passkey or code, then through it again', {
  skip,
}, async () => {
  await using ana = await openBrowser()
  await using dana = await openBrowser()
  const [anas, danas] = [await beginAsAna(ana), await beginAsDana(dana)]

  await rig.outside.oidc.stop()
  await letPass(rig, ROUND_MS)
  await typeAddress(ana.page, ANA)
  await throughProvider(ana.page)
  await ana.page.getByRole('heading', { name: 'Acme login does not answer' }).waitFor()
  // It would look again while time is moved below.
  await ana.page.goto('about:blank')
  await roundsUntil('down')

  await typeAddress(ana.page, ANA)
  await ana.page.getByRole('heading', { name: 'Acme login is down' }).waitFor()
  await ana.page.getByText(/Acme login has been down since .*\d\d:\d\d/).waitFor()
  await ana.page.locator('form[data-ready=yes]').waitFor()
  await ana.touches(true)
  await ana.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await arrive(ana.page)
  await ana.page.getByText('another way because Acme login was down').waitFor()
  assert.deepEqual(await whoIs(ana.page), { id: anas, amr: ['failover', 'user', 'swk'].toSorted() })

  await typeAddress(dana.page, DANA)
  await dana.page.getByRole('button', { name: `Send a code to ${DANA}` }).click()
  await dana.page.waitForURL('**/sign-in/code')
  const { code } = await until('a code is mailed', () => rig.mailTo(DANA).catch(() => undefined))
  await dana.page.getByLabel('Code').pressSequentially(code)
  await arrive(dana.page)
  assert.deepEqual(await whoIs(dana.page), { id: danas, amr: ['otp'] })
  await signOut(dana.page)

  await rig.outside.oidc.startAgain()
  await roundsUntil('healthy')
  await ana.page.goto('/account')
  await ana.page.getByText(/Acme login is back\. Sign in through it by .*\d\d:\d\d/).waitFor()
  await ana.page.getByRole('link', { name: 'Continue with Acme login' }).click()
  await throughProvider(ana.page)
  // Nobody is known over there any more, and no address was typed here.
  await ana.page.getByRole('button', { name: ANA }).click()
  await arrive(ana.page)
  assert.deepEqual(await whoIs(ana.page), { id: anas, amr: ['fed'] })
  await typeAddress(dana.page, DANA)
  await throughProvider(dana.page)
  await arrive(dana.page)
  assert.deepEqual(await whoIs(dana.page), { id: danas, amr: ['fed'] })
})
