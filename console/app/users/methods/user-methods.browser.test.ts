import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../../testing/browser.ts'
import { idOf } from '../../../testing/world/ids.ts'

const ana = `/users/${idOf('usr', 0)}?part=methods`

browserTest(
  'by what somebody can sign in is listed, and a fall-back is closed with a reason and reopened',
  async ({ page, double, open }) => {
    await open(ana)
    await page.getByText('MacBook of Ana').waitFor()
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
    const methods = double.world.failOver.methods[idOf('usr', 0)]
    assert.equal(methods?.linked_identities[0]?.closed_reason, 'administrator')
  },
)

browserTest('whoever has no passkey and no provider is said to have none', async ({ page, open }) => {
  await open(`/users/${idOf('usr', 5)}?part=methods`)
  await page.getByText('None: this account signs in here.').waitFor()
  await page.getByText('Nobody has proved it yet').waitFor()
})
