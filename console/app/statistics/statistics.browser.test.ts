import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest(
  'the range and the organisation live in the address, and the figures follow',
  async ({ page, double, open }) => {
    await open('/statistics')
    const totals = page.locator('dl').first()
    await totals.getByText('1\u202f313').waitFor()
    await page.getByText('Last day', { exact: true }).click()
    await page.waitForURL(/\?range=day$/)
    await totals.getByText('1\u202f313').waitFor({ state: 'detached' })

    const kestrel = double.world.organizations.find(({ name }) => name === 'Kestrel Health')!
    await page.getByRole('combobox', { name: 'Organisation' }).fill('kestrel')
    await page.getByRole('option', { name: 'Kestrel Health' }).click()
    await page.waitForURL(new RegExp(`range=day&organization=${kestrel.id}$`))
    await page.reload()
    await page.getByRole('heading', { name: 'Sign-ins', exact: true }).waitFor()
    assert.ok(double.calls.includes(`GET /v1/statistics?range=day&organization_id=${kestrel.id}`))
  },
)

browserTest('what was not seen stands in the table as not known, never as 0', async ({ page, open }) => {
  await open('/statistics')
  const table = page.getByRole('region', { name: 'Sign-ins, as a table' })
  await table.waitFor()
  const unknown = await table.getByRole('cell', { name: 'not known' }).count()
  assert.equal(unknown, 2 * 5)
  // Two methods, an hour of minutes.
  assert.equal(await table.getByRole('cell').count(), 2 * 60)
})

browserTest('with the keyboard alone one walks through time, and hears what was', async ({ page, open }) => {
  await open('/statistics')
  const chart = page.getByRole('slider', { name: 'Sign-ins over time' })
  await chart.focus()
  assert.match((await chart.getAttribute('aria-valuetext')) ?? '', /Press an arrow key/)
  await page.keyboard.press('End')
  await page.waitForFunction(() => /^\d\d:\d\d: Code \d+, Link \d+$/.test(document.activeElement?.ariaValueText ?? ''))
  await page.keyboard.press('Home')
  for (let step = 0; step < 31; step += 1) await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => document.activeElement?.ariaValueText?.endsWith('Code not known, Link not known'))
  await takePicture(page, 'statistics-walked')
})

browserTest('the figures are downloaded as a file in which unknown is empty', async ({ page, open }) => {
  await open('/statistics')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download CSV' }).click()
  const file = await download
  assert.equal(file.suggestedFilename(), 'statistics-hour.csv')
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n')
  assert.equal(lines[0], 'from,measure,method,reason,value')
  assert.ok(lines.some((line) => /Z,sign_ins,code,,\d+$/.test(line)))
  assert.ok(lines.some((line) => /Z,sign_ins,code,,$/.test(line)))
})

browserTest(
  'on a narrow screen charts or tables are shown, as the address says, and nothing is too wide',
  async ({ page, open }) => {
    await open('/statistics')
    await page.getByRole('slider', { name: 'Sign-ins over time' }).waitFor()
    assert.equal(await page.getByRole('region', { name: 'Sign-ins, as a table' }).isVisible(), false)
    await page.getByText('Tables', { exact: true }).click()
    await page.waitForURL(/as=tables$/)
    await page.getByRole('region', { name: 'Sign-ins, as a table' }).waitFor()
    assert.equal(await page.getByRole('slider', { name: 'Sign-ins over time' }).isVisible(), false)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.ok(overflow <= 0, `${overflow} px too wide`)
    await assertAccessible(page)
  },
  { width: 390, height: 844 },
)

browserTest('with the database away the figures stay, marked as old, and come back by themselves', async (visit) => {
  const { page, double, open } = visit
  await open('/statistics')
  await page.getByText('1\u202f313').waitFor()
  double.become('database-away')
  await page
    .getByText(/not known since/)
    .first()
    .waitFor()
  assert.equal(await page.getByText('1\u202f313').isVisible(), true)
  double.become('fine')
  await page
    .getByText(/has not answered since/)
    .first()
    .waitFor({ state: 'detached' })
})
