import assert from 'node:assert/strict'
import { assertAccessible, browserTest, openPalette, takePicture } from '../../../testing/browser.ts'

browserTest('a session that ended is answered in one sentence, with a text for the customer', async (visit) => {
  const { page, double, open } = visit
  const session = double.world.sessions.find(({ end_reason }) => end_reason === 'revoked')!
  await open(`/sessions/${session.id}?state=all`)
  await page.getByRole('link', { name: 'Why did it end?' }).click()
  await page.waitForURL(new RegExp(`/sessions/why\\?session=${session.id}`))
  const answer = page.getByRole('region', { name: 'The answer' })
  await answer.getByText(/^Ended on .* by an administrator \(Ana Duarte\) from the console/).waitFor()
  await page.getByText('Far more sessions than usual were ended by administrators').waitFor()
  await takePicture(page, 'why-session')
  await assertAccessible(page)

  await answer.getByRole('button', { name: 'Copy for the customer' }).click()
  await answer.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(copied, /It ended on .* UTC\. Ended by an administrator\./)
  assert.doesNotMatch(copied, /Ana|usr_|ses_/)
})

browserTest(
  'whoever was asked to sign in during an outage was not signed out, and the answer says so',
  async (visit) => {
    const { page, double, open } = visit
    const user = double.world.users[4]!
    await open('/sessions/why')
    await page.getByRole('region', { name: 'Newest ends' }).waitFor()
    await page.getByRole('combobox', { name: 'User' }).fill('elif.yilmaz@')
    await page.getByRole('option', { name: 'elif.yilmaz@acme.test' }).click()
    await page.waitForURL(new RegExp(`user=${user.id}`))
    await page
      .getByRole('region', { name: 'The answer' })
      .getByText(
        /^None of the 2 live sessions has ended; .* 214 answers were unknown, because the database did not answer from/,
      )
      .waitFor()
    await page
      .getByRole('img', { name: /^Not seen from .* The session has not ended\.$/ })
      .first()
      .waitFor()
    const table = page.getByRole('region', { name: 'Answers by verifier' }).first()
    await table.getByRole('row', { name: /Access access-1:4821 160/ }).waitFor()
    await table.getByText('1.8 s').first().waitFor()
  },
)

browserTest(
  'by time: what ended around it, and nothing is made up when nothing did',
  async ({ page, double, open }) => {
    const session = double.world.sessions.find(({ ended_at }) => ended_at !== null)!
    await open(`/sessions/why?at=${session.ended_at}&window=5`)
    await page.getByText(/ended around that time, the last one at/).waitFor()
    await open('/sessions/why?at=2020-01-01T00:00:00Z')
    await page.getByText('No session ended around that time.').waitFor()
    await open('/sessions/why?session=ses_nobody')
    await page.getByText('There is no such session').waitFor()
  },
)

browserTest(
  'with the keyboard alone: from anywhere by ⌘K to the question, and an end opened with Enter',
  async (visit) => {
    const { page, open } = visit
    await open('/')
    await page.getByRole('heading', { name: 'All is well' }).waitFor()
    await openPalette(page)
    const palette = page.getByRole('dialog')
    await palette.getByRole('textbox', { name: 'Search everything' }).waitFor()
    await page.keyboard.type('why was')
    await palette.getByText('Find out why somebody was signed out').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/sessions\/why$/)
    const card = page.getByRole('region', { name: 'Newest ends' }).locator('summary').first()
    await card.focus()
    await page.keyboard.press('Enter')
    await page
      .getByRole('heading', { name: /What the verifiers said/ })
      .first()
      .waitFor()
  },
)

browserTest('with the database away the answer stays, and says that it may have changed', async (visit) => {
  const { page, double, open } = visit
  await open(`/sessions/why?user=${double.world.users[4]!.id}`)
  await page.getByRole('region', { name: 'The answer' }).waitFor()
  double.become('database-away')
  await page.getByText('As it was last read; what happened since is not known.').waitFor()
  await page.getByText('Not known, was live').first().waitFor()
  double.become('fine')
  await page.getByText('As it was last read; what happened since is not known.').waitFor({ state: 'detached' })
})

browserTest('in an outage the question is not answered with "nothing ended"', async ({ page, double, open }) => {
  double.become('database-away-cold')
  await open('/sessions/why')
  await page.getByText('The ends of sessions cannot be known for now').waitFor()
  assert.equal(await page.getByText('No session has ended yet').count(), 0)
})

browserTest(
  'impersonations are listed with who, as whom and why, and one that is under way is ended',
  async (visit) => {
    const { page, double, open } = visit
    await open('/sessions/impersonations')
    const table = page.getByRole('table', { name: 'Impersonations' })
    await table.getByText('Elif asked why her notes of October are gone (ticket 4711)').waitFor()
    await table.getByText('Under way').waitFor()
    await table.getByText('Never begun').waitFor()
    await table.getByRole('button', { name: 'End: Ana Duarte as Elif Yılmaz' }).click()
    const dialog = page.getByRole('dialog', { name: 'End that Ana Duarte acts as Elif Yılmaz?' })
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'End it now' }).click()
    await page.getByText('The impersonation has ended').waitFor()
    await table.getByText('Under way').waitFor({ state: 'detached' })
    assert.equal(double.world.impersonations[0]!.state, 'ended')
  },
)
