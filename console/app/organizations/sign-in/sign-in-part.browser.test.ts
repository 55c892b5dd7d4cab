import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../../testing/browser.ts'
import { idOf } from '../../../testing/world/ids.ts'

const acme = `/organizations/${idOf('org', 0)}?part=sign-in`
const waiting = `/organizations/${idOf('org', 1)}?part=sign-in`

browserTest(
  'the policy of an organisation is said in sentences, with who could go on under it',
  async ({ page, open }) => {
    await open(acme)
    await page.getByText('Its people sign in through Auth0 and in no other way.').waitFor()
    await page.getByText(/goes on by a passkey enrolled in a session of it, for 4 h at a time/).waitFor()
    await page.getByText(/could sign in if Auth0 died now/).waitFor()
  },
)

browserTest(
  'a policy is changed with a preview of who could sign in under it, and a looser one waits',
  async ({ page, double, open }) => {
    await open(`${acme}&ask=policy`)
    const dialog = page.getByRole('dialog', { name: 'How Acme signs in' })
    await dialog.getByText(/57 % of active users could sign in/).waitFor()
    await dialog.getByRole('radio', { name: 'Nothing more than a sign-in' }).check()
    await dialog.getByRole('group', { name: 'By' }).getByLabel('A code in a mail').check()
    await dialog.getByText('14 people more than under the policy in force.').waitFor()
    await dialog.getByRole('button', { name: 'Save policy' }).click()
    await dialog.getByText('Say why: it stands beside the change, and in the audit.').waitFor()
    await takePicture(page, 'policy-edit')
    await assertAccessible(page)
    await dialog.getByLabel('Why').fill('Their crews have no passkeys yet, ticket 4711')
    await dialog.getByRole('button', { name: 'Save policy' }).click()
    await page.getByText('The policy is looser, so it waits').waitFor()
    await page.getByText(/A looser policy takes effect on/).waitFor()
    assert.equal(double.world.failOver.policies[idOf('org', 0)]?.policy.demands, 'provider')
  },
)

browserTest('where more than one factor is demanded, a code in a mail cannot be ticked', async ({ page, open }) => {
  await open(`${acme}&ask=policy`)
  const dialog = page.getByRole('dialog', { name: 'How Acme signs in' })
  const mail = dialog.getByRole('group', { name: 'By' }).getByLabel('A code in a mail')
  assert.equal(await mail.isDisabled(), true)
})

for (const [picture, reader] of [
  ['policy-warning', {}],
  ['policy-warning-dark', { colorScheme: 'dark' }],
  ['policy-warning-390', { width: 390, height: 844 }],
] as const) {
  browserTest(
    `a policy under which newcomers could not begin says so before it is saved: ${picture}`,
    async ({ page, open }) => {
      await open(`${acme}&ask=policy`)
      const dialog = page.getByRole('dialog', { name: 'How Acme signs in' })
      await dialog.getByRole('radio', { name: 'A second factor' }).check()
      const warning = dialog.getByText(/^Whoever joins from now on has no way to begin: Auth0 is not trusted/)
      await warning.scrollIntoViewIfNeeded()
      await takePicture(page, picture)
      await assertAccessible(page)
    },
    reader,
  )
}

browserTest(
  'a policy that somebody else changed meanwhile is refused in its place, and nothing is lost',
  async ({ page, double, open }) => {
    await open(`${acme}&ask=policy`)
    const dialog = page.getByRole('dialog', { name: 'How Acme signs in' })
    await dialog.getByLabel('Ask for a passkey at each sign-in by mail').check()
    double.world.failOver.policies[idOf('org', 0)]!.epoch += 1
    await dialog.getByLabel('Why').fill('Stricter')
    await dialog.getByRole('button', { name: 'Save policy' }).click()
    await dialog.getByText(/This policy was changed meanwhile/).waitFor()
    assert.equal(await dialog.getByLabel('Why').inputValue(), 'Stricter')
  },
)

browserTest('a waiting policy is told with when it takes effect, and withdrawn', async ({ page, double, open }) => {
  await open(waiting)
  await page.getByText(/A looser policy takes effect on/).waitFor()
  await page.getByText(/agreed with their security/).waitFor()
  await takePicture(page, 'policy-waiting')
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Withdraw it' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw it' }).click()
  await page.getByText('The waiting policy is withdrawn').waitFor()
  assert.equal(double.world.failOver.policies[idOf('org', 1)]?.waiting, null)
})

browserTest(
  'an administrator of a customer is let in once with a reason, the code is shown once, and it is taken back',
  async ({ page, double, open }) => {
    await open(`${acme}&ask=rescue`)
    const dialog = page.getByRole('dialog', { name: 'Let somebody of Acme in' })
    await dialog.getByRole('button', { name: 'Make a way in' }).click()
    await dialog.getByText('Say who.').waitFor()
    await dialog.getByLabel('Who').selectOption({ index: 1 })
    await dialog.getByRole('radio', { name: 'You read it to them' }).check()
    await dialog.getByLabel('Reason').fill('Their Entra is down, ticket 4711')
    await takePicture(page, 'organization-rescue')
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Make a way in' }).click()
    const once = page.getByRole('dialog', { name: /A way in for/ })
    await once.getByText('7Q4K-NOTR-EAL0-CODE').waitFor()
    await takePicture(page, 'organization-rescue-code')
    await once.getByRole('checkbox').check()
    await once.getByRole('button', { name: 'Done' }).click()
    await once.waitFor({ state: 'detached' })
    await page.getByText(/Waits to be used until/).waitFor()
    await page.getByRole('button', { name: /Take back the way in of/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('Taken back', { exact: true }).waitFor()
    assert.equal(double.world.failOver.rescues[0]?.state, 'withdrawn')
  },
)
