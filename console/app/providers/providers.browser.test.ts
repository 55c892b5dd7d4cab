import assert from 'node:assert/strict'
import { assertAccessible, browserTest, openPalette, takePicture } from '../../testing/browser.ts'
import { WRONG_SECRET } from '../../testing/routes/providers.ts'
import { idOf } from '../../testing/world/ids.ts'

const auth0 = `/providers/${idOf('prv', 0)}`
const okta = `/providers/${idOf('prv', 4)}`

browserTest(
  'a provider is added by its preset, tested and enabled, and its secret is not shown again',
  async ({ page, double, open }) => {
    await open('/providers?make=yes')
    const dialog = page.getByRole('dialog', { name: 'Add a provider' })
    await dialog.getByRole('button', { name: 'Add provider' }).click()
    await dialog.getByText('Write what people know it by: it stands on the button.').waitFor()
    await dialog.getByLabel('What it is').selectOption('keycloak')
    await dialog.getByLabel('Name').fill('Lumen login')
    await dialog.getByLabel('Server').fill('login.lumen.test')
    await dialog.getByLabel('Realm').fill('studio')
    await dialog.getByText('https://login.lumen.test/realms/studio').waitFor()
    await dialog.getByLabel('Client id').fill('holdfast')
    await dialog.getByLabel('Client secret').fill('write-only-7Zq')
    const domains = dialog.getByLabel('Domains')
    await domains.fill('Ana@Girasole.test')
    await page.keyboard.press('Enter')
    await dialog.getByText('girasole.test', { exact: true }).waitFor()
    await takePicture(page, 'provider-make')
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Add provider' }).click()
    await dialog.getByText(/belongs to the provider Google already/).waitFor()
    await domains.press('Backspace')
    await domains.fill('lumen.test')
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await dialog.getByRole('button', { name: 'Add provider' }).click()
    assert.equal((await sent).postDataJSON().issuer, 'https://login.lumen.test/realms/studio')
    assert.deepEqual((await sent).postDataJSON().domains, ['lumen.test'])

    const test = page.getByRole('dialog', { name: 'Test Lumen login' })
    await test.getByText(/\/sign-in\/callback\/prv_/).waitFor()
    await test.getByRole('button', { name: 'Begin the test' }).click()
    await test.getByText('It works. It can be enabled now.').waitFor()
    await takePicture(page, 'provider-test')
    await assertAccessible(page)
    await test.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByRole('button', { name: 'Enable provider' }).click()
    await page.getByText('Lumen login is enabled').waitFor()
    assert.equal(double.world.providers[0]?.is_enabled, true)
    assert.doesNotMatch(await page.content(), /write-only-7Zq/)
  },
)

browserTest(
  'a provider that was not tested cannot be enabled, and says so to who cannot see the button',
  async ({ page, open }) => {
    await open(okta)
    const enable = page.getByRole('button', { name: 'Enable' })
    assert.match((await enable.getAttribute('aria-description')) ?? '', /Test it first/)
  },
)

browserTest(
  'a process of access whose own way out is cut off is named beside every provider',
  async ({ page, double, open }) => {
    double.become('process-cut-off')
    await open(auth0)
    await page.getByText('A process of access is cut off').waitFor()
    await page.getByText(/access-2\.eu-west, last found so/).waitFor()
  },
)

browserTest('what a provider is trusted for since lately says from when it counts', async ({ page, open }) => {
  await open(`/providers/${idOf('prv', 2)}?part=settings`)
  await page.getByText(/Trusted: two that it names count as two; they count from /).waitFor()
  await page.getByText(/taken for proven; in an outage it counts from /).waitFor()
})

browserTest('a test that goes wrong says at which step and why', async ({ page, double, open }) => {
  double.world.providers[4]!.issuer = 'https://nowhere.okta.com'
  await open(`${okta}?ask=test`)
  const dialog = page.getByRole('dialog', { name: 'Test Kestrel Okta' })
  await dialog.getByRole('button', { name: 'Begin the test' }).click()
  await dialog.getByText('It does not work yet').waitFor()
  await dialog.getByText('No name server knows this host. Is the issuer spelled right?').waitFor()
  await takePicture(page, 'provider-test-bad')
  await assertAccessible(page)
})

browserTest(
  'the fall-back is forced open with a reason and for a time, and the order is cleared',
  async ({ page, double, open }) => {
    await open(auth0)
    await page.getByRole('button', { name: 'Fall-back' }).click()
    await page.getByRole('menuitem', { name: 'Force open' }).click()
    const dialog = page.getByRole('dialog', { name: 'Force the fall-back open' })
    await dialog.getByRole('button', { name: 'Force open' }).click()
    await dialog.getByText('Say why: it stands in the history and in the audit.').waitFor()
    await dialog.getByLabel('For how long').selectOption('15')
    await dialog.getByLabel('Reason').fill('Their status page says so; our probes reach a cache')
    await takePicture(page, 'provider-force')
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Force open' }).click()
    await page.getByText('The fall-back is open by order').waitFor()
    await page.getByText(/The fall-back is forced open until/).waitFor()
    assert.equal(double.world.providers[0]?.verdict?.ordered, 'open')
    await page.getByRole('button', { name: 'Clear the order' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Clear order' }).click()
    await page.getByText(/The fall-back is closed: whoever comes through Auth0/).waitFor()
    assert.equal(double.world.providers[0]?.verdict?.ordered, null)
  },
)

browserTest(
  'a provider that is down says since when and why, what each process saw, and who can go on',
  async ({ page, double, open }) => {
    double.become('provider-down')
    await open(auth0)
    await page.getByRole('heading', { name: /Down since/ }).waitFor()
    await page.getByText(/The fall-back is open since/).waitFor()
    await page.getByText('Discovery document: no answer in time, 6 times').waitFor()
    const looks = page.getByRole('table', { name: 'Newest looks, by process' })
    await looks
      .getByText(/it answers 5xx/i)
      .first()
      .waitFor()
    await page.getByText(/83 % of active users could sign in if Auth0 died now/).waitFor()
    await takePicture(page, 'provider-down')
    await assertAccessible(page)
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('list', { name: 'History' }).getByText('Fall-back open').first().waitFor()
    await page.getByRole('link', { name: 'Evidence', exact: true }).click()
    await page.getByText('it sent nothing within 2.5 s').first().waitFor()
  },
)

browserTest(
  'what cannot be told from a fault of our own network is unknown, and never green',
  async ({ page, double, open }) => {
    double.become('provider-unknown')
    await open('/providers')
    const table = page.getByRole('table', { name: 'Providers' })
    await table.getByText('Unknown').first().waitFor()
    assert.equal(await table.getByText('Healthy').count(), 0)
    await takePicture(page, 'providers-own-network')
    await assertAccessible(page)
    await table.getByRole('link', { name: /Auth0/ }).click()
    await page.getByText('Our own network is at fault: the control target does not answer either').waitFor()
  },
)

browserTest(
  'only what was changed of a provider is sent, and a secret only when one is written',
  async ({ page, open }) => {
    await open(`${auth0}?ask=edit`)
    const dialog = page.getByRole('dialog', { name: 'Edit Auth0' })
    await dialog.getByLabel('Trust what it says of second factors').check()
    const sent = page.waitForRequest((request) => request.method() === 'PATCH')
    await dialog.getByRole('button', { name: 'Save' }).click()
    assert.deepEqual((await sent).postDataJSON(), { trusts_factors: true })
  },
)

browserTest('a secret that the provider does not know replaces none, and the form says why', async ({ page, open }) => {
  await open(`${auth0}?ask=secret`)
  const dialog = page.getByRole('dialog', { name: 'Replace the client secret' })
  const secret = dialog.getByLabel('New client secret')
  await secret.fill(WRONG_SECRET)
  await dialog.getByRole('button', { name: 'Replace secret' }).click()
  await dialog.getByText(/Nothing was changed: .*invalid_client/).waitFor()
  await secret.fill('the-right-one')
  await dialog.getByRole('button', { name: 'Replace secret' }).click()
  await page.getByText('It was tested with it, and works.').waitFor()
})

browserTest('a provider is removed by typing its name', async ({ page, double, open }) => {
  await open(`${auth0}?ask=delete`)
  const dialog = page.getByRole('dialog', { name: 'Remove Auth0?' })
  await assertAccessible(page)
  await dialog.getByRole('textbox').fill('Auth0')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/console\/providers$/)
  assert.ok(!double.world.providers.some(({ name }) => name === 'Auth0'))
})

browserTest(
  'a role that only reads sees everything of providers, and every button says why it is off',
  async ({ page, double, open }) => {
    double.become('support')
    await open('/providers')
    await page.getByRole('table', { name: 'Providers' }).getByText('Auth0', { exact: true }).waitFor()
    const add = page.getByRole('button', { name: 'Add a provider' })
    assert.match((await add.getAttribute('aria-description')) ?? '', /Your role \(support\) does not include/)
  },
)

browserTest(
  'providers are reached by their keys and by the palette, and walked with j and k',
  async ({ page, open }) => {
    await open('/')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.getByRole('heading', { name: 'Providers' }).waitFor()
    await page.getByRole('table', { name: 'Providers' }).getByText('Auth0', { exact: true }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Google', exact: true }).waitFor()
    await openPalette(page)
    await page.keyboard.type('died')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Readiness' }).waitFor()
  },
)

browserTest(
  'readiness says who could sign in, leads to who could not, and a figure nobody counted is unknown',
  async ({ page, open }) => {
    await open('/providers/readiness')
    await page
      .getByText(
        /83 % of active users could sign in if Auth0 died now: 71 % by passkey, 12 % by e-mail only; 214 could not/,
      )
      .waitFor()
    await page.getByText('Not counted yet', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'The 214 who could not' }).click()
    await page.getByRole('heading', { name: 'If Auth0 died now' }).waitFor()
    const table = page.getByRole('table', { name: 'If Auth0 died now' })
    await table.getByText('Not at all').first().waitFor()
    assert.equal(await table.getByText('By e-mail only').count(), 0)
    await page.getByText('E-mail only', { exact: true }).click()
    await table.getByText('By e-mail only').first().waitFor()
  },
)

browserTest(
  'a fail-over sign-in says whether it was proved since, until when it has to be, or that it is over',
  async ({ page, open }) => {
    await open('/providers/sign-ins')
    const table = page.getByRole('table', { name: 'Fail-over sign-ins' })
    await table.getByText('The provider is not back').first().waitFor()
    await table.getByText('To be proved').first().waitFor()
    await table.getByText('Proved', { exact: true }).first().waitFor()
    await open(`/providers/sign-ins?provider=${idOf('prv', 3)}`)
    await table.getByText('Hafen login').first().waitFor()
    assert.equal(await table.getByText('Auth0', { exact: true }).count(), 0)
  },
)

browserTest(
  'whom fail-over kept out is told by organisation and reason, with what to do, and leads to the policy',
  async ({ page, double, open }) => {
    await open('/providers/sign-ins')
    await page.getByRole('link', { name: 'Kept out' }).click()
    await page
      .getByText('31 sign-ins were kept out within the last 31 days, by the policy of 3 organisations.')
      .waitFor()
    const [first] = double.world.organizations
    const why = page.getByRole('list', { name: `Why, at ${first!.name}` })
    await why.getByText('23 ×').waitFor()
    await why.getByText('What they showed is less than the organisation demands.').waitFor()
    await page.getByRole('region', { name: first!.name }).getByRole('link', { name: 'Its sign-in policy' }).click()
    await page.getByText('While the provider is down').first().waitFor()
    await open(`/providers/kept-out?organization=${double.world.organizations[9]!.id}`)
    await page.getByText('Fail-over kept nobody of this organisation out within the last 31 days').waitFor()
  },
)

browserTest(
  'a key that a provider took away is taken for good again by an administrator, with a reason',
  async ({ page, double, open }) => {
    await open(`${auth0}?part=settings`)
    const keys = page.getByRole('list', { name: 'Keys' })
    await keys.getByText(/^Withdrawn/).waitFor()
    await page.getByRole('button', { name: 'Take back that 2026-08-c was withdrawn' }).click()
    const dialog = page.getByRole('dialog', { name: 'Take the withdrawal of a key back?' })
    await dialog.getByRole('button', { name: 'Take it back' }).click()
    await dialog.getByText('Say why it is good: it stands in the audit.').waitFor()
    await dialog.getByLabel('Reason').fill('The provider says it is theirs, ticket 4711')
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('The withdrawal is taken back').waitFor()
    assert.equal(double.world.providerKeys[1]?.withdrawn_at, null)
  },
)

browserTest('a provider is found by its name and by a domain of its people', async ({ page, open }) => {
  await open('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await openPalette(page)
  await page.keyboard.type('fjord-logistikk')
  await page.getByRole('dialog').getByText('Fjord Entra').waitFor()
})
