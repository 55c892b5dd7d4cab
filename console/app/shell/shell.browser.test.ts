import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest('the keyboard goes everywhere: g and a letter, and ? tells which', async ({ page, open }) => {
  await open('/')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
  const places = [
    ['u', 'Users'],
    ['s', 'Sessions'],
    ['o', 'Organisations'],
    ['a', 'Applications'],
    ['t', 'Tokens'],
    ['y', 'Signing keys'],
    ['h', 'All is well'],
  ] as const
  for (const [key, heading] of places) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  }
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await takePicture(page, 'help')
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

browserTest('the first Tab offers to skip to the content', async ({ page, open }) => {
  await open('/users')
  await page.getByRole('table', { name: 'Users' }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.locator(':focus').textContent(), 'Skip to content')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.closest('main')?.id), 'content')
})

browserTest('letters typed into a search go nowhere else', async ({ page, open }) => {
  await open('/users')
  await page.getByRole('searchbox').focus()
  await page.keyboard.type('gs?')
  await page.waitForURL(/query=gs%3F/)
  assert.equal(await page.getByRole('dialog').count(), 0)
})

browserTest('the account menu says who is signed in, and remembers the colours that were chosen', async (visit) => {
  const { page, open } = visit
  await open('/')
  await page.getByRole('button', { name: 'Account: Ana Duarte' }).click()
  await page.getByText('ana.duarte@acme.test', { exact: true }).waitFor()
  await takePicture(page, 'account-menu')
  await assertAccessible(page)
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)
  await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark')
  await page.reload()
  assert.equal(await scheme(), 'dark')
})

browserTest('signing out asks access, and ends at sign-in', async ({ page, double, open }) => {
  await open('/')
  await page.getByRole('button', { name: 'Account: Ana Duarte' }).click()
  await page.getByRole('menuitem', { name: 'Sign out of the console' }).click()
  await page.waitForURL(/\/sign-in\?application=console&return_to=%2Fconsole%2F$/)
  assert.ok(double.calls.includes('DELETE /v1/session'))
})

browserTest('who is not signed in is sent to sign-in once, and comes back to the same place', async (visit) => {
  const { page, double, open } = visit
  double.become('signed-out')
  await open('/users?query=ana')
  await page.waitForURL(/\/sign-in\?application=console&return_to=%2Fconsole%2Fusers%3Fquery%3Dana$/)

  // Sign-in sent them back, but the cookie does not arrive: going again would circle for ever.
  await open('/users?query=ana')
  await page.getByRole('heading', { name: 'You are not signed in to the console' }).waitFor()
  await page.getByRole('link', { name: 'Sign in' }).waitFor()
  await assertAccessible(page)
})

browserTest('no outage ever sends anybody to sign-in', async ({ page, double, open }) => {
  const visited: string[] = []
  page.on('framenavigated', (frame) => visited.push(new URL(frame.url()).pathname))
  await open('/users')
  await page.getByRole('table', { name: 'Users' }).waitFor()
  for (const condition of ['database-away-cold', 'access-away', 'gateway'] as const) {
    double.become(condition)
    await page
      .getByText(/has not answered since/)
      .first()
      .waitFor()
    double.become('fine')
    await page
      .getByText(/has not answered since/)
      .first()
      .waitFor({ state: 'detached' })
  }
  assert.deepEqual(
    visited.filter((path) => path.startsWith('/sign-in')),
    [],
  )
})

browserTest('who is signed in but no administrator is told so on a page of its own', async ({ page, double, open }) => {
  double.become('forbidden')
  await open('/sessions')
  await page.getByRole('heading', { name: 'The console is for administrators' }).waitFor()
  await page.getByRole('link', { name: 'Sign in with another account' }).waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
})

browserTest(
  'on a telephone the navigation is one button away, and every page fits',
  async ({ page, double, open }) => {
    const session = double.world.sessions[3]!
    for (const path of ['/', '/users', '/sessions?state=all', '/signing-keys', `/sessions/${session.id}`]) {
      await open(path)
      await page
        .getByText(/^(Read|Looked at) /)
        .filter({ visible: true })
        .first()
        .waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.ok(overflow <= 0, `${path} is ${overflow} px too wide`)
    }
    await page.getByRole('button', { name: 'Open navigation' }).click()
    const navigation = page.getByRole('dialog').getByRole('navigation', { name: 'Main' })
    await navigation.getByRole('link', { name: 'Users' }).waitFor()
    await takePicture(page, 'navigation-390')
    await assertAccessible(page)
    await navigation.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  },
  { width: 390, height: 844 },
)

browserTest('a page that takes long shows its shape, and one that is quick shows nothing before', async (visit) => {
  const { page, double, open } = visit
  await open('/')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
  double.become('slow')
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByText('Reading', { exact: true }).waitFor()
  await takePicture(page, 'users-waiting')
  double.become('fine')
  await page.getByRole('table', { name: 'Users' }).waitFor()
  assert.equal(await page.getByText('Reading', { exact: true }).count(), 0)
})
