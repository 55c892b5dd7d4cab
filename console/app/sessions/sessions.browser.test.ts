import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'
import { reasons } from '@holdfast/sdk/contract'

browserTest('live, ended and all are filters in the address, and an ended session tells its reason', async (visit) => {
  const { page, open } = visit
  await open('/sessions')
  const table = page.getByRole('table', { name: 'Sessions' })
  await table.getByText('Live', { exact: true }).first().waitFor()
  assert.equal(await table.getByText(/^Ended/).count(), 0)

  await page.getByText('Ended', { exact: true }).click()
  await page.waitForURL(/\?state=ended$/)
  for (const reason of ['replaced', 'revoked', 'signed_out', 'signed_out_everywhere'] as const) {
    await table.getByText(reasons[reason]).first().waitFor()
  }
  await page.getByText('All', { exact: true }).click()
  await page.waitForURL(/\?state=all$/)
})

browserTest('sessions are narrowed to one user, who stays chosen in the address', async ({ page, double, open }) => {
  await open('/sessions')
  const table = page.getByRole('table', { name: 'Sessions' })
  await table.waitFor()
  await page.getByRole('combobox', { name: 'User' }).fill('ingrid')
  await page.getByRole('option', { name: 'ingrid.solberg@acme.test' }).click()
  const ingrid = double.world.users.find(({ email }) => email === 'ingrid.solberg@acme.test')!
  await page.waitForURL(new RegExp(`user=${ingrid.id}`))
  await table.getByRole('link', { name: /Femke/ }).first().waitFor({ state: 'detached' })
  // What is chosen already is let go of by choosing it again, which the keyboard can do too.
  await page.getByRole('combobox', { name: 'User' }).click()
  await page.getByRole('option', { name: 'ingrid.solberg@acme.test' }).click()
  await table.getByRole('link', { name: /Femke/ }).first().waitFor()
})

browserTest(
  'one session has an address, everything about it, and the way to end it',
  async ({ page, double, open }) => {
    const session = double.world.sessions.find(({ user, ended_at }) => user.name === 'Femke Jansen' && !ended_at)!
    await open(`/sessions/${session.id}`)
    const panel = page.getByRole('complementary', { name: 'Session' })
    await panel.getByText(session.device.user_agent!).waitFor()
    await panel.getByText(session.device.address!).waitFor()
    await panel.getByText(/the application is told within seconds/).waitFor()
    await takePicture(page, 'session')
    await assertAccessible(page)

    await panel.getByRole('button', { name: 'End this session' }).click()
    const dialog = page.getByRole('dialog', { name: 'End this session?' })
    await dialog.getByText(/Femke Jansen is signed out of app_demo/).waitFor()
    await takePicture(page, 'session-end-dialog')
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'End this session' }).click()

    await page.getByText('Session ended', { exact: true }).waitFor()
    await panel.getByText(reasons.revoked).waitFor()
    assert.ok(double.calls.includes(`DELETE /v1/sessions/${session.id}`))
    const button = panel.getByRole('button', { name: 'End this session' })
    assert.equal(await button.getAttribute('aria-description'), 'This session has already ended.')
  },
)

browserTest('with the keyboard alone a session is ended, and Cancel is what Enter would press first', async (visit) => {
  const { page, double, open } = visit
  const session = double.world.sessions.find(({ user, ended_at }) => user.name === 'Femke Jansen' && !ended_at)!
  await open(`/sessions/${session.id}`)
  const end = page.getByRole('button', { name: 'End this session' })
  await end.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  const cancel = page.getByRole('dialog').getByRole('button', { name: 'Cancel' })
  await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel')
  assert.equal(await cancel.isVisible(), true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Session ended', { exact: true }).waitFor()
})

browserTest('Escape in a dialog closes the dialog, and not the panel behind it', async ({ page, double, open }) => {
  await open(`/sessions/${double.world.sessions[3]!.id}`)
  await page.getByRole('button', { name: 'End this session' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('complementary', { name: 'Session' }).isVisible(), true)
})

browserTest('ending one’s own session warns, and leads to sign-in', async ({ page, double, open }) => {
  await open(`/sessions/${double.world.self.session}`)
  await page.getByRole('button', { name: 'End this session' }).click()
  await page.getByText('This is the session you are using now: you are signed out of this console.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'End this session' }).click()
  await page.waitForURL(/\/sign-in\?application=console/)
})

browserTest(
  'with the database away a live session is not called live, and ending it is off with a reason',
  async (visit) => {
    const { page, double, open } = visit
    const session = double.world.sessions.find(({ user, ended_at }) => user.name === 'Femke Jansen' && !ended_at)!
    await open(`/sessions/${session.id}`)
    const table = page.getByRole('table', { name: 'Sessions' })
    await table.getByText('Live', { exact: true }).first().waitFor()
    double.become('database-away')
    await table.getByText('Not known, was live').first().waitFor()
    assert.equal(await table.getByText('Live', { exact: true }).count(), 0)
    const button = page.getByRole('button', { name: 'End this session' })
    assert.match((await button.getAttribute('aria-description')) ?? '', /database does not answer/)
    await takePicture(page, 'session-unknown')

    double.become('fine')
    await table.getByText('Live', { exact: true }).first().waitFor()
    await page.getByText('Not known, was live').first().waitFor({ state: 'detached' })
  },
)

browserTest(
  'an end that met the outage is neither done nor failed: it is not known',
  async ({ page, double, open }) => {
    const session = double.world.sessions.find(({ user, ended_at }) => user.name === 'Femke Jansen' && !ended_at)!
    await open(`/sessions/${session.id}`)
    await page.getByRole('button', { name: 'End this session' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Cancel' }).waitFor()
    double.become('database-away')
    await dialog.getByRole('button', { name: 'End this session' }).click()
    await dialog.getByText('It is not known whether this was done').waitFor()
    await takePicture(page, 'session-end-unknown')
    double.become('fine')
    await dialog.getByRole('button', { name: 'End this session' }).click()
    await page.getByText('Session ended', { exact: true }).waitFor()
  },
)

browserTest('a list opened in an outage says that it cannot be known, and never looks empty', async (visit) => {
  const { page, double, open } = visit
  double.become('database-away')
  await open('/sessions')
  await page.getByText('The sessions cannot be known for now').waitFor()
  assert.equal(await page.getByText('Nobody is signed in').count(), 0)
  double.become('fine')
  await page.getByRole('table', { name: 'Sessions' }).waitFor()
})
