import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest('somebody is made support, with the keyboard alone', async ({ page, double, open }) => {
  await open('/staff?ask=add')
  const dialog = page.getByRole('dialog', { name: 'Add staff' })
  await dialog.getByRole('combobox', { name: 'Who' }).waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('placeholder') === 'Name or e-mail')
  await page.keyboard.type('priya')
  await page.getByRole('option', { name: 'priya.raman@acme.test' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await takePicture(page, 'staff-add')
  await assertAccessible(page)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await dialog.getByRole('button', { name: 'Add staff' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Priya Raman is support').waitFor()
  await page.getByRole('table', { name: 'Staff' }).getByText('Priya Raman').waitFor()
  const priya = double.world.users.find(({ name }) => name === 'Priya Raman')!
  assert.ok(double.calls.includes(`PUT /v1/staff/${priya.id}`))
})

browserTest('a form that lacks something says so at its field, and asks nobody', async ({ page, double, open }) => {
  await open('/staff?ask=add')
  const dialog = page.getByRole('dialog', { name: 'Add staff' })
  await dialog.getByRole('button', { name: 'Add staff' }).click()
  await dialog.getByText('Choose somebody. They need to have signed in once.').waitFor()
  assert.equal(double.calls.filter((call) => call.startsWith('PUT')).length, 0)
})

browserTest('a role is changed, and taken away after it was said what follows', async ({ page, double, open }) => {
  await open('/staff')
  const table = page.getByRole('table', { name: 'Staff' })
  await page.getByRole('button', { name: 'Change role of Elif Yılmaz' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Administrator' }).check()
  await dialog.getByRole('button', { name: 'Change role' }).click()
  await page.getByText('Elif Yılmaz is administrator').waitFor()

  await page.getByRole('button', { name: 'Remove Elif Yılmaz' }).click()
  await page
    .getByRole('dialog')
    .getByText(/can no longer open this console/)
    .waitFor()
  await takePicture(page, 'staff-remove')
  await assertAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Remove from staff' }).click()
  await table.getByText('Elif Yılmaz').waitFor({ state: 'detached' })
  assert.equal(double.world.staff.length, 2)
})

browserTest('the last administrator cannot be removed, and it is said why', async ({ page, double, open }) => {
  double.world.staff = double.world.staff.slice(0, 1)
  await open('/staff')
  const button = page.getByRole('button', { name: 'Remove Ana Duarte' })
  await button.waitFor()
  assert.match((await button.getAttribute('aria-description')) ?? '', /The last administrator stays/)
})

browserTest('codes are shown once, and cannot be left before somebody says that they are stored', async (visit) => {
  const { page, double, open } = visit
  await open('/staff')
  await page.getByText('7 left').waitFor()
  await page.getByRole('button', { name: 'Print a set for yourself' }).click()
  const question = page.getByRole('dialog', { name: 'Print a new set of codes?' })
  await question.getByText(/The codes of your set before stop working/).waitFor()
  await question.getByRole('button', { name: 'Make ten codes' }).click()

  const once = page.getByRole('dialog', { name: 'Break-glass codes' })
  const codes = once.getByRole('list', { name: 'Break-glass codes' }).getByRole('listitem')
  await codes.first().waitFor()
  assert.equal(await codes.count(), 10)
  await takePicture(page, 'staff-codes')
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  assert.equal(await once.isVisible(), true)
  const done = once.getByRole('button', { name: 'Done' })
  assert.equal(await done.getAttribute('aria-disabled'), 'true')
  await once.getByRole('button', { name: 'Copy' }).click()
  await once.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal((await page.evaluate(() => navigator.clipboard.readText())).split('\n').length, 10)
  await once.getByRole('checkbox').check()
  await done.click()
  await once.waitFor({ state: 'detached' })
  await page.getByText('10 left').waitFor()
  assert.equal(double.calls.filter((call) => call === 'POST /v1/break-glass-codes').length, 1)
})

browserTest('support sees that its role does not show the staff', async ({ page, double, open }) => {
  double.become('support')
  await open('/staff')
  await page.getByText('Your role does not show you the staff').waitFor()
  const add = page.getByRole('button', { name: 'Add staff' })
  assert.match((await add.getAttribute('aria-description')) ?? '', /Your role \(support\) does not include/)
})
