import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'
import { idOf } from '../../testing/world/ids.ts'

browserTest('a token is made with the keyboard, shown once, and revoked', async ({ page, double, open }) => {
  await open('/tokens?make=yes')
  const dialog = page.getByRole('dialog', { name: 'Make a token' })
  await dialog.waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name')
  await page.keyboard.press('Enter')
  await dialog.getByText('Tick at least one.').waitFor()
  assert.equal(double.calls.filter((call) => call.startsWith('POST /v1/tokens')).length, 0)
  await dialog.getByLabel('Name').focus()
  await page.keyboard.type('Nightly export')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await takePicture(page, 'token-make')
  await assertAccessible(page)
  await dialog.getByLabel('Name').focus()
  await page.keyboard.press('Enter')

  const once = page.getByRole('dialog', { name: 'The token for Nightly export' })
  await once.getByRole('list', { name: 'Token' }).waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  await once.getByRole('checkbox').check()
  await once.getByRole('button', { name: 'Done' }).click()
  assert.deepEqual(double.world.tokens[0]?.scopes, ['overview:read'])

  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click()
  await page.getByText('Nightly export is revoked').waitFor()
  await page.getByRole('complementary').getByText('Revoked by').waitFor()
  assert.equal(double.world.tokens[0]?.state, 'revoked')
})

browserTest('a browser token is made with its pages, by keyboard, and shows them', async ({ page, double, open }) => {
  await open('/tokens?make=yes')
  const dialog = page.getByRole('dialog', { name: 'Make a token' })
  await dialog.waitFor()
  await dialog.getByRole('radio', { name: 'A program' }).focus()
  await page.keyboard.press('ArrowRight')
  await dialog.getByLabel('Origin 1').waitFor()
  await assert.rejects(dialog.getByText('See people').waitFor({ timeout: 100 }), 'it has no scopes to choose')
  await dialog.getByLabel('Name').fill('Shop')
  await dialog.getByLabel('Name').press('Enter')
  await dialog.getByText('Write at least one.').waitFor()
  await dialog.getByLabel('Origin 1').fill('https://shop.acme.example')
  await takePicture(page, 'token-make-browser')
  await assertAccessible(page)
  await page.keyboard.press('Enter')

  const once = page.getByRole('dialog', { name: 'The token for Shop' })
  await once.getByText('It may stand in the code of the page').waitFor()
  await once.getByRole('checkbox').check()
  await once.getByRole('button', { name: 'Done' }).click()
  assert.deepEqual(double.world.tokens[0]?.origins, ['https://shop.acme.example'])
  const panel = page.getByRole('complementary')
  await panel.getByRole('list', { name: 'Pages that may send it' }).getByText('https://shop.acme.example').waitFor()
  await takePicture(page, 'token-browser')
  await assertAccessible(page)
})

browserTest('a token that never expires is marked, and tokens are listed by state', async ({ page, open }) => {
  await open('/tokens')
  const table = page.getByRole('table', { name: 'Tokens' })
  await table
    .getByRole('row', { name: /Nightly report/ })
    .getByText('Never expires')
    .waitFor()
  await page.getByText('Revoked', { exact: true }).first().click()
  await table.getByText('Nightly report').waitFor({ state: 'detached' })
  await table.getByText('Old pipeline').waitFor()
})

browserTest('whoever signed in long ago is sent to sign in again, and back into the form', async ({ page, open }) => {
  await page.route('**/v1/tokens', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: '', title: '', status: 403, code: 'sessions.stale', detail: 'Sign in again.' }),
        })
      : route.fallback(),
  )
  await open('/tokens?make=yes')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Nightly export')
  await dialog.getByLabel('See applications').check()
  await dialog.getByRole('button', { name: 'Make token' }).click()
  const again = dialog.getByRole('link', { name: 'Sign in again' })
  await again.waitFor()
  assert.match(decodeURIComponent((await again.getAttribute('href')) ?? ''), /return_to=\/console\/tokens\?make=yes/)
})

browserTest('an old sign-in is told before the form is filled in', async ({ page, open }) => {
  await page.route('**/v1/session', async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    body.session.authenticated_at = new Date(Date.now() - 2 * 60 * 60_000).toISOString()
    await route.fulfill({ response: answer, json: body })
  })
  await open('/tokens?make=yes')
  await page.getByRole('dialog').getByText('This needs a sign-in of the last ten minutes').waitFor()
  await assertAccessible(page)
})

browserTest(
  'on a telephone, in dark, a token and its scopes can be read',
  async ({ page, open }) => {
    await open(`/tokens/${idOf('tok', 1)}`)
    await page.getByRole('list', { name: 'May' }).getByText('End sessions').waitFor()
    await takePicture(page, 'token-390-dark')
    await assertAccessible(page)
  },
  { width: 390, height: 844, colorScheme: 'dark' },
)
