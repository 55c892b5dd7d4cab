import assert from 'node:assert/strict'
import { browserTest } from '../../testing/browser.ts'

browserTest('the newest backup and its proof are told, with the commands to make another', async ({ page, open }) => {
  await open('/backups')
  await page.getByRole('region', { name: 'Newest backup' }).getByText('304 MiB, encrypted').waitFor()
  await page.getByRole('region', { name: 'Newest proof' }).getByText('36 min of changes').waitFor()
  await page.getByRole('button', { name: 'Copy holdfast backup prove' }).click()
  await page.getByRole('button', { name: 'Copied holdfast backup prove' }).waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'holdfast backup prove')
})

browserTest('no backup is failing, and a backup that nobody proved is unknown', async ({ page, double, open }) => {
  double.become('empty')
  await open('/backups')
  await page.getByText('No backup was ever made.').waitFor()
  const last = page.getByRole('region', { name: 'Newest backup' })
  const proof = page.getByRole('region', { name: 'Newest proof' })
  assert.equal((await last.locator('[data-state="failing"]').count()) > 0, true)
  assert.equal((await proof.locator('[data-state="unknown"]').count()) > 0, true)
})

browserTest('settings tell value, origin and meaning, and that one is not set', async ({ page, open }) => {
  await open('/settings')
  const row = page.getByRole('table', { name: 'Database' }).getByRole('row', { name: /HOLDFAST_DATABASE_OWNER_URL/ })
  await row.getByText('not set').waitFor()
  await row.getByText('default').waitFor()
  await page.getByText(/settings, \d+ of them set/).waitFor()
})
