import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

const ELIF = 4
const BLOCKED = 11
const DELETING = 17

browserTest('with the keyboard alone somebody is blocked, with a reason, and unblocked again', async (visit) => {
  const { page, double, open } = visit
  const user = double.world.users[ELIF]!
  await open(`/users/${user.id}`)
  await page.getByRole('button', { name: 'More' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Block' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Block Elif Yılmaz?' })
  await dialog.getByText(/signed out everywhere within seconds \(2 live sessions\)/).waitFor()
  await dialog.getByRole('button', { name: 'Block' }).click()
  await dialog.getByText('Say why. Colleagues read it; the person does not.').waitFor()
  await takePicture(page, 'user-block')
  await assertAccessible(page)
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Sends spam, ticket 4711')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')

  const panel = page.getByRole('complementary', { name: 'User' })
  await panel.getByText('This account is blocked').waitFor()
  await panel.getByText(/Reason: Sends spam, ticket 4711/).waitFor()
  assert.equal(user.live_sessions, 0)
  await panel.getByRole('button', { name: 'Unblock' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click()
  await panel.getByText('This account is blocked').waitFor({ state: 'detached' })
})

browserTest('a deletion says what follows, needs no name to be typed, and is undone from the notice', async (visit) => {
  const { page, double, open } = visit
  const user = double.world.users[ELIF]!
  await open(`/users/${user.id}?ask=delete`)
  const dialog = page.getByRole('dialog', { name: 'Delete the account of Elif Yılmaz?' })
  await dialog.getByText(/nobody can use the account/).waitFor()
  await dialog.getByText(/you can undo it here/).waitFor()
  assert.equal(await dialog.getByRole('textbox').count(), 0)
  await dialog.getByRole('button', { name: 'Delete account' }).click()
  await page.getByText('Elif Yılmaz is going to be deleted').waitFor()
  const panel = page.getByRole('complementary', { name: 'User' })
  await panel.getByText('This account is being deleted').waitFor()
  await panel.getByRole('button', { name: 'Undo deletion' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Undo deletion' }).click()
  await panel.getByText('This account is being deleted').waitFor({ state: 'detached' })
  assert.equal(user.state, 'active')
})

browserTest('blocked and deleting accounts are found by their state, told by shape and word', async (visit) => {
  const { page, double, open } = visit
  await open('/users')
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Blocked' }).click()
  await page.waitForURL(/\?state=blocked$/)
  const table = page.getByRole('table', { name: 'Users' })
  await table.getByText('Blocked', { exact: true }).waitFor()
  assert.equal(await table.getByRole('row').count(), 2)
  await open(`/users/${double.world.users[DELETING]!.id}?state=deleting`)
  await table.getByText('Being deleted').waitFor()
  await page.getByRole('button', { name: 'More' }).click()
  const email = page.getByRole('menuitem', { name: 'Change e-mail' })
  assert.match((await email.textContent()) ?? '', /This account is being deleted\. Undo that first\./)
})

browserTest('a profile is changed with its metadata, of which only what was changed is sent', async (visit) => {
  const { page, double, open } = visit
  const user = double.world.users[6]!
  await open(`/users/${user.id}?ask=edit`)
  const dialog = page.getByRole('dialog', { name: 'Edit the profile of Grace Okafor' })
  assert.equal(await dialog.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled'), 'true')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Grace A. Okafor')
  await dialog.getByRole('textbox', { name: 'Public metadata' }).fill('{"plan": ')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/^This is not JSON:/).waitFor()
  await takePicture(page, 'user-edit')
  await assertAccessible(page)
  await dialog.getByRole('textbox', { name: 'Public metadata' }).fill('{"plan": "solo"}')
  // An application writes meanwhile.
  user.metadata_public.seats = 3
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Profile of Grace A. Okafor changed').waitFor()
  assert.deepEqual(user.metadata_public, { plan: 'solo', seats: 3 })
})

browserTest(
  'a change of e-mail says what follows, and an address that is taken is refused at its field',
  async (visit) => {
    const { page, double, open } = visit
    await open(`/users/${double.world.users[ELIF]!.id}?ask=email`)
    const dialog = page.getByRole('dialog', { name: 'Change the e-mail of Elif Yılmaz' })
    await dialog.getByText(/is told, and can refuse or take it back/).waitFor()
    await dialog.getByRole('textbox', { name: 'New e-mail' }).fill('ana.duarte@acme.test')
    await page.keyboard.press('Enter')
    await dialog.getByText('There is an account with this address. Use another one.').waitFor()
    await dialog.getByRole('textbox', { name: 'New e-mail' }).fill('elif@new.test')
    await page.keyboard.press('Enter')
    await page.getByText('A link was sent to elif@new.test').waitFor()
  },
)

browserTest('somebody is made with an address alone, and their page opens', async ({ page, open }) => {
  await open('/users?make=yes')
  const dialog = page.getByRole('dialog', { name: 'Make a user' })
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill('new.person@acme.test')
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'User' }).getByText('new.person@acme.test').first().waitFor()
  await page.waitForURL(/\/users\/usr_01kanew/)
})

browserTest(
  'everything about somebody is exported as a file, also as a page to read',
  async ({ page, double, open }) => {
    const user = double.world.users[ELIF]!
    await open(`/users/${user.id}`)
    for (const [item, ending] of [
      ['Export everything as JSON', 'json'],
      ['Export everything as a page', 'html'],
    ]) {
      await page.getByRole('button', { name: 'More' }).click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item! }).click(),
      ])
      assert.equal(file.suggestedFilename(), `${user.id}.${ending}`)
      assert.match(await readFile(await file.path(), 'utf8'), /elif\.yilmaz@acme\.test/)
    }
  },
)

browserTest(
  'support acts as a person by a link that opens in a new tab, with a reason and for minutes',
  async (visit) => {
    const { page, double, open } = visit
    const user = double.world.users[ELIF]!
    await open(`/users/${user.id}`)
    await page.getByRole('button', { name: 'Act as this person' }).click()
    const dialog = page.getByRole('dialog', { name: 'Act as Elif Yılmaz' })
    await dialog.getByText('They are told').waitFor()
    await dialog.getByText(/recorded in the audit under both names/).waitFor()
    await dialog.getByRole('button', { name: 'Make the link' }).click()
    await dialog.getByText('Say why in a sentence: the person reads it.').waitFor()
    await assertAccessible(page)
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Elif asked where her notes are, ticket 4711')
    await dialog.getByRole('button', { name: 'Make the link' }).click()
    const link = dialog.getByRole('link', { name: 'Open in a new tab' })
    await link.waitFor()
    await takePicture(page, 'user-act-link')
    await assertAccessible(page)
    assert.deepEqual(
      [await link.getAttribute('target'), await link.getAttribute('rel')],
      ['_blank', 'noopener noreferrer'],
    )
    const [tab] = await Promise.all([page.waitForEvent('popup'), link.click()])
    assert.match(tab.url(), /\/impersonate\/once-imp_/)
    assert.deepEqual(
      [double.world.impersonations[0]!.reason, double.world.impersonations[0]!.minutes],
      ['Elif asked where her notes are, ticket 4711', 15],
    )
  },
)

browserTest('nobody acts as staff or as a closed account: the button is off and says why', async (visit) => {
  const { page, double, open } = visit
  const act = page.getByRole('button', { name: 'Act as this person' })
  await open(`/users/${double.world.users[2]!.id}`)
  assert.equal(
    await act.getAttribute('aria-description'),
    'Nobody acts as somebody who works in the console. Ask them.',
  )
  await open(`/users/${double.world.users[BLOCKED]!.id}`)
  await page.getByText('This account is blocked').waitFor()
  assert.equal(await act.getAttribute('aria-description'), 'This account is blocked: nobody acts in its name.')
})

browserTest('what needs a fresh sign-in leads to it, and back into the same form', async ({ page, double, open }) => {
  const user = double.world.users[ELIF]!
  double.become('stale')
  await open(`/users/${user.id}`)
  await page.getByRole('button', { name: 'Act as this person' }).click()
  const dialog = page.getByRole('dialog', { name: 'Act as Elif Yılmaz' })
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Elif asked where her notes are, ticket 4711')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  await dialog.getByText('Sign in again to do this').waitFor()
  await takePicture(page, 'user-act-stale')
  await dialog.getByRole('link', { name: 'Sign in again' }).click()
  await page.waitForURL(/\/sign-in\?/)
  const asked = new URL(page.url()).searchParams
  assert.equal(asked.get('max_age'), '60')
  assert.equal(asked.get('return_to'), `/console/users/${user.id}?ask=act`)
})

browserTest('the parts of a person have addresses of their own: sessions, organisations, audit', async (visit) => {
  const { page, double, open } = visit
  const user = double.world.users[1]!
  await open(`/users/${user.id}`)
  const parts = page.getByRole('navigation', { name: 'About this user' })
  await parts.getByRole('link', { name: 'Organisations' }).click()
  await page.waitForURL(/\?part=organizations$/)
  await page
    .getByRole('list', { name: 'Organisations' })
    .getByRole('link', { name: 'Blauwe Toren Verzekeringen' })
    .waitFor()
  await parts.getByRole('link', { name: 'Audit' }).click()
  await page.getByRole('link', { name: 'Everything done to this user' }).waitFor()
  assert.equal(await parts.getByRole('link', { name: 'Audit' }).getAttribute('aria-current'), 'page')
  await parts.getByRole('link', { name: 'Sessions' }).click()
  await page.getByRole('link', { name: 'Why was I signed out?' }).click()
  await page.waitForURL(new RegExp(`/sessions/why\\?user=${user.id}$`))
})

browserTest('what a role does not include is off and says so', async ({ page, double, open }) => {
  double.become('support')
  await open(`/users/${double.world.users[ELIF]!.id}`)
  const edit = page.getByRole('button', { name: 'Edit profile' })
  await edit.waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-description*="does not include"]') !== null)
  assert.match((await edit.getAttribute('aria-description')) ?? '', /does not include: make, change, block and delete/)
})
