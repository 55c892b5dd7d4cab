import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest('signing keys are listed with what their state means', async ({ page, open }) => {
  await open('/signing-keys')
  const rows = page.getByRole('table', { name: 'Signing keys' }).getByRole('row')
  await rows.filter({ hasText: 'Active' }).getByText('Signs every new proof.').waitFor()
  await rows
    .filter({ hasText: 'Next' })
    .getByText(/Published ahead/)
    .waitFor()
  await rows
    .filter({ hasText: 'Retiring' })
    .getByText(/still accepted/)
    .waitFor()
})

browserTest('rotating says that nobody is signed out, and shows the new active key', async ({ page, double, open }) => {
  await open('/signing-keys')
  const rows = page.getByRole('table', { name: 'Signing keys' }).getByRole('row')
  await rows.filter({ hasText: 'Active' }).getByText('key_01kajpt0c9lmx29zvq4m8t2', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Rotate now' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rotate the signing key?' })
  await dialog.getByText('nobody is signed out').waitFor()
  await takePicture(page, 'signing-keys-dialog')
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Rotate now' }).click()
  await page.getByText('Signing key rotated', { exact: true }).waitFor()
  await rows.filter({ hasText: 'Active' }).getByText('key_01kajk3f1yw8nq9zvq4m8t2').waitFor()
  assert.equal(double.calls.filter((call) => call.startsWith('POST')).length, 1)
})

browserTest('with the database away a rotation cannot be asked for, and it is said why', async (visit) => {
  const { page, double, open } = visit
  await open('/signing-keys')
  await page.getByRole('table', { name: 'Signing keys' }).waitFor()
  double.become('database-away')
  await page.getByText('Not known, was active').waitFor()
  const button = page.getByRole('button', { name: 'Rotate now' })
  await button.click({ force: true })
  await page
    .getByRole('tooltip')
    .getByText(/The database does not answer/)
    .waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
})
