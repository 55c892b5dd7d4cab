import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { assertAccessible, browserTest, takePicture } from '../../../testing/browser.ts'

const brand = '/applications/app_demo/brand'
const heading = (page: Page) => page.frameLocator('iframe').getByRole('heading')

browserTest('a brand is changed by the keyboard beside its preview, and saved', async ({ page, double, open }) => {
  await open(brand)
  await heading(page).getByText('sign-in en Acme Notes 35').waitFor()
  await page.getByText('What people see now').waitFor()
  await page.getByRole('slider', { name: 'Hue' }).focus()
  for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight')
  await heading(page).getByText('sign-in en Acme Notes 40').waitFor()
  await page.getByText('Unsaved: only you see this').waitFor()
  await page.getByText(/In light #\w{6}, contrast \d/).waitFor()
  await takePicture(page, 'brand-unsaved')
  await assertAccessible(page)

  await page.getByText('As it is now').click()
  await heading(page).getByText('sign-in en Acme Notes 35').waitFor()
  const sent = page.waitForRequest((request) => request.method() === 'PATCH')
  await page.getByRole('button', { name: 'Save brand' }).click()
  assert.deepEqual((await sent).postDataJSON(), { brand: { accent: { hue: 40, chroma: 0.12 } } })
  await page.getByText('The brand of Acme Notes is saved').waitFor()
  assert.equal(double.world.applications[0]?.brand.support_url, 'https://acme.test/help')
})

browserTest('page, language and colours of the preview stand in the address', async ({ page, open }) => {
  await open(`${brand}?page=account&language=de&scheme=dark`)
  await heading(page).getByText('account de').waitFor()
  await page.waitForFunction(() => {
    const body = document.querySelector('iframe')?.contentDocument?.body
    return body && getComputedStyle(body).backgroundColor === 'rgb(17, 17, 17)'
  })
  await page.getByText('English', { exact: true }).click()
  await page.waitForURL((url) => !url.searchParams.has('language') && url.searchParams.get('page') === 'account')
})

browserTest('what a logo may not hold is said at its field, and what was seen stays', async ({ page, open }) => {
  await open(brand)
  await heading(page).getByText('sign-in en Acme Notes').waitFor()
  const logo = page.getByRole('textbox', { name: 'Logo' })
  await logo.fill('<svg viewBox="0 0 8 8"><script>1</script></svg>')
  await page.getByText('Take <script> out of the logo').waitFor()
  await page.getByText('This brand cannot be shown yet').waitFor()
  await heading(page).getByText('sign-in en Acme Notes').waitFor()
  assert.equal(await logo.getAttribute('aria-invalid'), 'true')
})

browserTest(
  'whoever has a passkey and came without it is sent to sign in again, beside the form',
  async ({ page, open }) => {
    const problem = {
      type: '',
      title: '',
      status: 403,
      code: 'identity.passkey_needed',
      detail: 'Confirm with a passkey.',
    }
    await page.route('**/v1/applications/**', (route) =>
      route.request().method() === 'PATCH'
        ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) })
        : route.fallback(),
    )
    await open(brand)
    await page.getByRole('textbox', { name: 'Name' }).fill('Acme Notes Two')
    await page.getByRole('button', { name: 'Save brand' }).click()
    const again = page.getByRole('link', { name: 'Sign in again' })
    await again.waitFor()
    assert.match(
      decodeURIComponent((await again.getAttribute('href')) ?? ''),
      /return_to=\/console\/applications\/app_demo/,
    )
    assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Acme Notes Two')
  },
)

browserTest('whoever leaves with something unsaved is asked first', async ({ page, open }) => {
  await open(brand)
  await page.getByRole('textbox', { name: 'Name' }).fill('Acme Notes Two')
  await page.getByRole('link', { name: 'Users' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Acme Notes Two')
  await page.getByRole('button', { name: 'Discard changes' }).click()
  await page.getByRole('link', { name: 'Users' }).first().click()
  await page.getByRole('heading', { name: 'Users' }).waitFor()
})

browserTest('in an outage what was filled in stays, and the preview says that it waits', async (visit) => {
  const { page, double, open } = visit
  await open(brand)
  await heading(page).getByText('sign-in en Acme Notes').waitFor()
  double.become('database-away')
  await page.getByRole('textbox', { name: 'Name' }).fill('Acme Two')
  await page.getByText('The preview cannot be drawn for now').waitFor()
  double.become('fine')
  await heading(page).getByText('sign-in en Acme Two').waitFor()
  await page.getByText('The preview cannot be drawn for now').waitFor({ state: 'detached' })
})

browserTest(
  'on a telephone, in dark, the brand and its preview stand one above the other',
  async ({ page, open }) => {
    await open(brand)
    await heading(page).getByText('sign-in en Acme Notes').waitFor()
    await takePicture(page, 'brand-390-dark')
    await assertAccessible(page)
  },
  { width: 390, height: 844, colorScheme: 'dark' },
)
