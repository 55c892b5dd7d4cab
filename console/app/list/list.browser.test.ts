import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { browserTest } from '../../testing/browser.ts'

browserTest(
  'what is downloaded is the whole list under its filters, every page of it',
  async ({ page, double, open }) => {
    await open('/users?query=acme')
    await page.getByText('20 users on this page').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).click()
    const file = await download
    assert.equal(file.suggestedFilename(), 'users.csv')
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
    assert.equal(lines.length, 1 + double.world.users.length)
    assert.match(lines[0] ?? '', /^id,email,name,state/)
  },
)

browserTest('with j and k one walks the rows of any list, and Enter opens one beside it', async ({ page, open }) => {
  await open('/organizations')
  const table = page.getByRole('table', { name: 'Organisations' })
  await table.getByRole('link', { name: /Acme/ }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  assert.match((await page.locator(':focus').textContent()) ?? '', /Blauwe Toren/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Blauwe Toren Verzekeringen', level: 2 }).waitFor()
})

browserTest('an address with filters that nobody knows shows the list all the same', async ({ page, open }) => {
  await open('/sessions?state=sleeping&from=yesterday')
  await page.getByRole('table', { name: 'Sessions' }).waitFor()
  assert.equal(await page.getByRole('radio', { name: 'Live' }).isChecked(), true)
})
