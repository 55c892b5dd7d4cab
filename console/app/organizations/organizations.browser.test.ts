import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'
import { idOf } from '../../testing/world/ids.ts'

const acme = `/organizations/${idOf('org', 0)}`
const deleting = `/organizations/${idOf('org', 11)}`

browserTest('an organisation is made with the keyboard alone, and its short name follows the name', async (visit) => {
  const { page, double, open } = visit
  await open('/organizations')
  await page.getByRole('button', { name: 'Make an organisation' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Make an organisation' })
  await dialog.waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name')
  await page.keyboard.type('Müller & Söhne')
  assert.equal(await dialog.getByLabel('Short name').inputValue(), 'muller-sohne')
  await takePicture(page, 'organization-make')
  await assertAccessible(page)
  await page.keyboard.press('Enter')
  await page.getByRole('complementary').getByRole('heading', { name: 'Müller & Söhne' }).waitFor()
  assert.equal(double.world.organizations[0]?.slug, 'muller-sohne')
})

browserTest('a short name that is taken is told at its field', async ({ page, open }) => {
  await open('/organizations?make=yes')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Acme')
  await dialog.getByRole('button', { name: 'Make organisation' }).click()
  await dialog.getByText('The short name acme is taken. Choose another.').waitFor()
  await dialog.getByLabel('Short name').fill('Acme Two')
  await dialog.getByText(/Use small letters, digits and single hyphens/).waitFor()
})

browserTest('somebody is added, gets a role of the product, and is removed', async ({ page, double, open }) => {
  await open(`${acme}?part=members&ask=add`)
  const dialog = page.getByRole('dialog', { name: 'Add a member to Acme' })
  await dialog.getByLabel('Who').first().fill('bram')
  await page.getByRole('option', { name: 'bram.de.wit@acme.test' }).click()
  await dialog.getByLabel('Roles').first().fill('billing')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Add member' }).click()
  const members = page.getByRole('list', { name: 'Members' })
  await members.getByText('Bram de Wit').waitFor()
  assert.deepEqual(double.world.memberships[0]?.roles, ['member', 'billing'])
  await takePicture(page, 'organization-members')
  await assertAccessible(page)

  await page.getByRole('button', { name: 'Remove Bram de Wit' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove member' }).click()
  await members.getByText('Bram de Wit').waitFor({ state: 'detached' })
})

browserTest('the last owner stays, and it is said why', async ({ page, double, open }) => {
  await open(`${acme}?part=members`)
  await page.getByRole('button', { name: 'Remove Ana Duarte' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Remove member' }).click()
  await dialog.getByText(/This is the last owner. Make somebody else an owner first/).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Change roles of Ana Duarte' }).click()
  await dialog.getByRole('combobox', { name: 'Roles' }).focus()
  await page.keyboard.press('Backspace')
  await page.keyboard.type('member')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Change roles', exact: true }).click()
  await dialog.getByText(/This is the last owner/).waitFor()
  assert.ok(double.world.memberships.some(({ roles }) => roles.includes('owner')))
})

browserTest('an invitation is sent, sent again and revoked', async ({ page, double, open }) => {
  await open(`${acme}?part=invitations`)
  await page.getByRole('button', { name: 'Invite by e-mail' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill('ben')
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await dialog.getByText('Write a whole address, such as ben@acme.example.').waitFor()
  await dialog.getByLabel('E-mail').fill('ben@acme.example')
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await page.getByRole('button', { name: 'Send again to ben@acme.example' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click()
  await page.getByText('The mail to ben@acme.example is on its way').waitFor()
  await page.getByRole('button', { name: 'Revoke the invitation of ben@acme.example' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke invitation' }).click()
  await page.getByRole('list', { name: 'Invitations' }).getByText('Revoked').waitFor()
  assert.equal(double.world.invitations[0]?.state, 'revoked')
})

browserTest('a deletion says that it can be undone, and can', async ({ page, double, open }) => {
  await open(`${acme}?ask=delete`)
  const dialog = page.getByRole('dialog', { name: 'Delete Acme?' })
  await dialog.getByText(/Until the grace is over you can undo this here/).waitFor()
  await takePicture(page, 'organization-delete')
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Delete organisation' }).click()
  await page.getByText('This organisation is going to be deleted').waitFor()
  await page.getByRole('button', { name: 'Undo deletion' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Undo deletion' }).click()
  await page.getByText('This organisation is going to be deleted').waitFor({ state: 'detached' })
  assert.equal(double.world.organizations[0]?.deleted_at, null)
})

browserTest('what is going to be deleted has a list of its own', async ({ page, open }) => {
  await open('/organizations')
  await page.getByText('Being deleted', { exact: true }).click()
  await page.getByRole('table').getByText('Lumen Studio').waitFor()
  await open(`${deleting}?state=deleting&part=members`)
  const add = page.getByRole('button', { name: 'Add a member' })
  assert.match((await add.getAttribute('aria-description')) ?? '', /Undo that first/)
})

browserTest('in an outage members stay in sight, and nothing can be changed', async ({ page, double, open }) => {
  await open(`${acme}?part=members`)
  const add = page.getByRole('button', { name: 'Add a member' })
  await page.getByRole('list', { name: 'Members' }).getByText('Ana Duarte').waitFor()
  double.become('database-away')
  await page
    .getByText(/has not answered since/)
    .first()
    .waitFor()
  await page.getByRole('list', { name: 'Members' }).getByText('Ana Duarte').waitFor()
  await page.waitForFunction(() => document.querySelectorAll('aside button[aria-disabled]').length > 0)
  assert.equal(await add.getAttribute('aria-disabled'), 'true')
  await takePicture(page, 'organization-members-unknown')
})

browserTest(
  'on a telephone the parts of an organisation are in reach',
  async ({ page, open }) => {
    await open(`${acme}?part=members`)
    await page.getByRole('list', { name: 'Members' }).getByText('Ana Duarte').waitFor()
    await takePicture(page, 'organization-members-390')
    await assertAccessible(page)
    await page.getByRole('link', { name: 'Sessions' }).last().click()
    await page.getByRole('list', { name: 'Live sessions' }).getByRole('listitem').first().waitFor()
  },
  { width: 390, height: 844, colorScheme: 'dark' },
)
