import assert from 'node:assert/strict'
import { assertAccessible, browserTest, openPalette, takePicture } from '../../testing/browser.ts'

browserTest('with the keyboard alone everything is found by name and opened, and is offered again', async (visit) => {
  const { page, double, open } = visit
  await open('/')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
  await openPalette(page)
  const palette = page.getByRole('dialog')
  await palette.getByRole('textbox', { name: 'Search everything' }).waitFor()
  await takePicture(page, 'palette')
  await assertAccessible(page)

  await page.keyboard.type('kestrel')
  await palette.getByText('Kestrel Health').waitFor()
  await takePicture(page, 'palette-found')
  await assertAccessible(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const kestrel = double.world.organizations.find(({ name }) => name === 'Kestrel Health')!
  await page.waitForURL(new RegExp(`/console/organizations/${kestrel.id}$`))

  await openPalette(page)
  assert.equal(await palette.getByRole('textbox').inputValue(), '')
  await palette.getByText('Kestrel Health').waitFor()
})

browserTest('a letter typed into a search field opens nothing, and the palette opens from there too', async (visit) => {
  const { page, open } = visit
  await open('/users')
  await page.getByRole('searchbox', { name: 'Search users' }).focus()
  await openPalette(page)
  await page.getByRole('textbox', { name: 'Search everything' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

browserTest('an action leads to its page with the question open, and Back takes it back', async ({ page, open }) => {
  await open('/')
  await page.getByRole('button', { name: 'Search everything' }).click()
  await page.getByRole('textbox', { name: 'Search everything' }).fill('rotate proofs')
  await page.getByRole('button', { name: 'Rotate the signing key' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Rotate the signing key?' }).waitFor()
  assert.match(page.url(), /\/signing-keys\?ask=rotate$/)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.waitForURL(/\/signing-keys$/)
})

browserTest('what the role does not include is offered with the reason, and does nothing', async (visit) => {
  const { page, double, open } = visit
  double.become('support')
  await open('/')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
  await openPalette(page)
  await page.keyboard.type('make a token')
  const action = page.getByRole('button', { name: /Make a token/ })
  await action.getByText('Your role (support) does not include: make and revoke machine tokens.').waitFor()
  await takePicture(page, 'palette-not-allowed')
  await assertAccessible(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  assert.equal(await page.getByRole('dialog').isVisible(), true)
  assert.match(page.url(), /\/console\/$/)
})

browserTest('in an outage what is stored is said not to be searchable, while pages are still found', async (visit) => {
  const { page, double, open } = visit
  await open('/')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
  double.become('database-away')
  await openPalette(page)
  await page.keyboard.type('back')
  await page.getByText('What is stored cannot be searched for now.').waitFor()
  await page.getByRole('button', { name: /^Backups/ }).waitFor()
})
