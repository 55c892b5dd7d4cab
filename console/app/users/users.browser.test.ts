import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest('a search lives in the address, so that it can be sent to somebody', async ({ page, open }) => {
  await open('/users')
  const table = page.getByRole('table', { name: 'Users' })
  await table
    .getByRole('link', { name: /Bram de Wit/ })
    .first()
    .waitFor()
  await page.getByRole('searchbox', { name: 'Search users' }).fill('chiara')
  await table
    .getByRole('link', { name: /Bram de Wit/ })
    .first()
    .waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).search, '?query=chiara')

  await page.reload()
  await table
    .getByRole('link', { name: /Chiara Rossi/ })
    .first()
    .waitFor()
  assert.equal(await page.getByRole('searchbox').inputValue(), 'chiara')
})

browserTest('a search without a match says what it looks at, and leads back', async ({ page, open }) => {
  await open('/users?query=nobody-at-all')
  await page.getByText('No user matches “nobody-at-all”').waitFor()
  await page.getByRole('link', { name: 'Show all users' }).click()
  await page.getByRole('table', { name: 'Users' }).waitFor()
  assert.equal(await page.getByRole('searchbox').inputValue(), '')
})

browserTest('with the keyboard alone a user is found, opened, read and closed', async ({ page, open }) => {
  await open('/users')
  await page
    .getByRole('link', { name: /Ana Duarte/ })
    .first()
    .waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('de wit')
  await page.waitForURL(/query=de\+wit/)
  await page
    .getByRole('link', { name: /Ana Duarte/ })
    .first()
    .waitFor({ state: 'detached' })

  // Past the filters by state and organisation.
  for (let stop = 0; stop < 3; stop++) await page.keyboard.press('Tab')
  const focused = page.locator(':focus')
  assert.match((await focused.textContent()) ?? '', /Bram de Wit/)
  await page.keyboard.press('ArrowDown')
  assert.match((await focused.textContent()) ?? '', /bram\.de\.wit2/)
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')

  const panel = page.getByRole('complementary', { name: 'User' })
  await panel.getByRole('heading', { name: 'Bram de Wit', level: 2 }).waitFor()
  assert.match(page.url(), /\/console\/users\/usr_[0-9a-z]+\?query=de\+wit$/)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  assert.match(page.url(), /\/console\/users\?query=de\+wit$/)
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('B'))
  assert.match((await focused.textContent()) ?? '', /Bram de Wit/)
})

browserTest('the table is one stop for Tab, whatever its length', async ({ page, open }) => {
  await open('/users')
  await page
    .getByRole('link', { name: /Ana Duarte/ })
    .first()
    .waitFor()
  const stops = page.getByRole('table', { name: 'Users' }).locator('a[tabindex="0"]')
  assert.equal(await stops.count(), 1)
})

browserTest('an id is copied whole', async ({ page, double, open }) => {
  const [ana] = double.world.users
  await open(`/users/${ana!.id}`)
  const panel = page.getByRole('complementary', { name: 'User' })
  await panel.getByRole('button', { name: `Copy ${ana!.id}` }).click()
  await panel.getByRole('button', { name: `Copied ${ana!.id}` }).waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), ana!.id)
})

browserTest('ending all sessions says what follows and for whom, then does it', async ({ page, double, open }) => {
  const user = double.world.users[4]!
  await open(`/users/${user.id}?part=sessions`)
  await page.getByRole('button', { name: 'End all sessions' }).click()
  const dialog = page.getByRole('dialog', { name: 'End all sessions of Elif Yılmaz?' })
  await dialog.getByText(/signed out of every application/).waitFor()
  await dialog.getByText(/2 live sessions/).waitFor()
  await takePicture(page, 'user-end-all-dialog')
  await assertAccessible(page)

  await dialog.getByRole('button', { name: 'End all sessions' }).click()
  await page.getByText('2 sessions of Elif Yılmaz ended').waitFor()
  await page.getByText('None. Nobody is signed in with this account.').waitFor()
  const button = page.getByRole('button', { name: 'End all sessions' })
  assert.equal(await button.getAttribute('aria-disabled'), 'true')
  assert.equal(await button.getAttribute('aria-description'), 'There is no live session to end.')
  assert.ok(double.calls.includes(`DELETE /v1/users/${user.id}/sessions`))
})

browserTest('an administrator who ends their own sessions is warned that it is this console too', async (visit) => {
  const { page, double, open } = visit
  await open(`/users/${double.world.self.user}`)
  await page.getByRole('button', { name: 'End all sessions' }).click()
  await page.getByText('This is your own account: you are signed out of this console too.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'End all sessions' }).click()
  await page.waitForURL(/\/sign-in\?application=console&return_to=%2Fconsole%2Fusers/)
})

browserTest('a long list is read page by page, and each page has an address', async ({ page, open }) => {
  await open('/users')
  await page.getByText('20 users on this page').waitFor()
  for (const cursor of [20, 40, 60]) {
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.waitForURL(new RegExp(`\\?cursor=${cursor}$`))
  }
  await page.getByText('4 users on this page').waitFor()
  await page.getByRole('button', { name: 'Next page' }).waitFor()
  await page.getByRole('link', { name: 'First page' }).click()
  await page.getByText('20 users on this page').waitFor()
})

browserTest('with the database away the list stays, is marked as old, and catches up by itself', async (visit) => {
  const { page, double, open } = visit
  await open('/users')
  await page
    .getByRole('link', { name: /Ana Duarte/ })
    .first()
    .waitFor()
  double.become('database-away')
  await page
    .getByRole('status')
    .getByText(/The database has not answered since \d\d:\d\d \(\d+ s\)\./)
    .waitFor()
  await page.getByText(/Read .* not known since/).waitFor()
  assert.equal(
    await page
      .getByRole('link', { name: /Ana Duarte/ })
      .first()
      .isVisible(),
    true,
  )

  // What was not read before cannot be shown now: it is said, and never looks like an empty answer.
  await page.getByRole('searchbox').fill('chiara')
  await page.waitForURL(/query=chiara/)
  double.become('fine')
  await page
    .getByRole('link', { name: /Bram de Wit/ })
    .first()
    .waitFor({ state: 'detached' })
  await page.getByText(/^Read /).waitFor()
  // The list and the notice are told by two answers; the notice may go a poll later.
  await page
    .getByText(/has not answered/)
    .first()
    .waitFor({ state: 'detached' })
})

browserTest('a user that does not exist is said so, and leads back to the list', async ({ page, open }) => {
  await open('/users/usr_nobody')
  const panel = page.getByRole('complementary', { name: 'User' })
  await panel.getByText('There is no such user').waitFor()
  await panel.getByRole('link', { name: 'Back to the list' }).click()
  await panel.waitFor({ state: 'detached' })
})

browserTest('a fault of access is told in words with its code, ready for support', async ({ page, double, open }) => {
  double.become('broken')
  await open('/users')
  await page.getByRole('alert').getByText('platform.bug').waitFor()
  await page.getByRole('button', { name: 'Copy for support' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(copied, /code: platform\.bug\nstatus: 500\ncall: GET \/v1\/users\?limit=50\nat: .*Z\nincident: bug_/)
})
