import assert from 'node:assert/strict'
import { assertAccessible, browserTest, readAs, takePicture } from '../../../testing/browser.ts'
import { idOf } from '../../../testing/world/ids.ts'

const ELIF = idOf('usr', 4)
const methods = `/users/${ELIF}?part=methods`

browserTest(
  'by what somebody can sign in is listed, and a fall-back is closed with a reason and reopened',
  async ({ page, double, open }) => {
    await open(methods)
    await page.getByText('Pixel of Elif').waitFor()
    await page.getByText('2 codes left').waitFor()
    await takePicture(page, 'user-methods')
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Close the fall-back of Auth0' }).click()
    const dialog = page.getByRole('dialog', { name: 'Close the fall-back?' })
    await dialog.getByRole('button', { name: 'Close the fall-back' }).click()
    await dialog.getByText('Say why: it stands in the audit.').waitFor()
    await dialog.getByLabel('Reason').fill('Left the company, ticket 4711')
    await dialog.getByLabel('Reason').press('Control+Enter')
    await dialog.getByRole('button', { name: 'Close the fall-back' }).click()
    await page.getByRole('button', { name: 'Reopen the fall-back of Auth0' }).waitFor()
    assert.equal(double.world.failOver.methods[ELIF]?.linked_identities[0]?.closed_reason, 'administrator')
  },
)

browserTest(
  'a lost passkey is removed once, however often it is pressed, after it was said by what they still get in',
  async ({ page, double, open }) => {
    await open(methods)
    await page.getByRole('button', { name: 'Remove the passkey YubiKey 5C' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove the passkey YubiKey 5C?' })
    await dialog.getByRole('listitem').filter({ hasText: 'the passkey Pixel of Elif' }).waitFor()
    await takePicture(page, 'user-remove-passkey')
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Remove passkey' }).dblclick()
    await page.getByText('The passkey YubiKey 5C is removed').waitFor()
    await page.getByRole('button', { name: 'Remove the passkey YubiKey 5C' }).waitFor({ state: 'detached' })
    assert.equal(await dialog.count(), 0)
    assert.equal(double.calls.filter((called) => called.startsWith('DELETE ')).length, 1)
    const left = double.world.failOver.methods[ELIF]
    assert.deepEqual(
      left?.passkeys.map(({ name }) => name),
      ['Pixel of Elif'],
    )

    // What was done can be read in the dark as well: its title is as bright as the text of the page.
    await readAs(page, { colorScheme: 'dark' })
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor()
    const title = page.getByText('The passkey YubiKey 5C is removed')
    const colours = await title.evaluate((at) => [at, document.body].map((each) => getComputedStyle(each).color))
    assert.equal(colours[0], colours[1])
    await readAs(page, {})

    // The last one: who could enrol a new one is said.
    await page.getByRole('button', { name: 'Remove the passkey Pixel of Elif' }).click()
    await page.getByText('It is their last passkey').waitFor()
    await takePicture(page, 'user-remove-last-passkey')
    await readAs(page, { colorScheme: 'dark' })
    await takePicture(page, 'user-remove-last-passkey-dark')
    await assertAccessible(page, ['color-contrast'])
    await readAs(page, { width: 390 })
    await takePicture(page, 'user-remove-last-passkey-390')
    await page.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(left?.passkeys.length, 1)
  },
)

browserTest(
  'a linked identity is removed after a fresh sign-in, which leads back into the question, and the last way is named',
  async ({ page, double, open }) => {
    const its = double.world.failOver.methods[ELIF]!
    its.passkeys = []
    its.linked_identities = its.linked_identities.slice(0, 1)
    double.become('stale')
    await open(methods)
    await page.getByRole('button', { name: 'Remove the identity at Auth0' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove the identity at Auth0?' })
    await dialog.getByText('The last way in is then').waitFor()
    await dialog.getByRole('button', { name: 'Remove identity' }).click()
    await dialog.getByText('Sign in again to do this').waitFor()
    await takePicture(page, 'user-remove-identity-stale')
    await dialog.getByRole('link', { name: 'Sign in again' }).click()
    await page.waitForURL(/\/sign-in\?/)
    const back = new URL(page.url()).searchParams.get('return_to')!
    double.become('fine')
    await open(back.replace(/^\/console/, ''))
    await takePicture(page, 'user-remove-identity')
    await dialog.getByRole('button', { name: 'Remove identity' }).click()
    await page.getByText('None: this account signs in here.').waitFor()
    assert.equal(its.linked_identities.length, 0)
  },
)

browserTest('nobody removes their own ways here, nor without the scope: the buttons say why', async (visit) => {
  const { page, double, open } = visit
  const remove = page.getByRole('button', { name: 'Remove the passkey YubiKey 5C' })
  await open(`/users/${double.world.self.user}?part=methods`)
  await remove.and(page.locator('[aria-description*="your own account"]')).waitFor()
  double.become('support')
  await open(methods)
  await remove.and(page.locator('[aria-description*="does not include"]')).waitFor()
})

browserTest('whoever has no passkey and no provider is said to have none', async ({ page, open }) => {
  await open(`/users/${idOf('usr', 5)}?part=methods`)
  await page.getByText('None: this account signs in here.').waitFor()
  await page.getByText('Nobody has proved it yet').waitFor()
})
