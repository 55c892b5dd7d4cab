import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest('every filter lives in the address, and survives a reload', async ({ page, double, open }) => {
  await open('/audit')
  const table = page.getByRole('table', { name: 'Audit' })
  await table.getByText('Holdfast rotated the signing key').first().waitFor()
  await page.getByRole('combobox', { name: 'Action' }).fill('blocked')
  await page.getByRole('option', { name: 'user.blocked', exact: true }).click()
  await page.waitForURL(/\?action=user\.blocked$/)
  await table.getByText('Holdfast rotated the signing key').first().waitFor({ state: 'detached' })

  const [ana] = double.world.users
  await page.getByRole('combobox', { name: 'Actor' }).fill('ana')
  await page.getByRole('option', { name: 'ana.duarte@acme.test', exact: true }).click()
  await page.waitForURL(new RegExp(`actor=${ana!.id}`))
  await page.reload()
  await page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor()
  assert.ok(double.calls.some((call) => call.startsWith('GET /v1/audit?') && call.includes(`actor=${ana!.id}&action=`)))
})

browserTest('a time is chosen in the reader’s zone and asked for in UTC', async ({ page, open }) => {
  await open('/audit')
  const from = page.getByLabel('From, in your time zone')
  await from.fill('2026-07-01T10:00')
  await from.press('Enter')
  // Lisbon in summer is an hour ahead of UTC.
  await page.waitForURL(/from=2026-07-01T09%3A00%3A00\.000Z/)
})

browserTest('with the keyboard alone an entry is opened, read and closed', async ({ page, open }) => {
  await open('/audit')
  await page.getByRole('table', { name: 'Audit' }).getByRole('link').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Audit entry' })
  await panel.getByText('Sealed', { exact: true }).waitFor()
  await takePicture(page, 'audit-impersonated')
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
})

browserTest('what support did in somebody’s name shows both names', async ({ page, double, open }) => {
  const entry = double.world.audit.find(({ impersonator }) => impersonator)!
  await open(`/audit/${entry.id}`)
  const panel = page.getByRole('complementary', { name: 'Audit entry' })
  await panel.getByText('Really by').waitFor()
  await panel.getByText('In the name of').waitFor()
  await panel.getByRole('link', { name: entry.impersonator!.label! }).waitFor()
  await panel.getByRole('link', { name: entry.actor.label!, exact: true }).waitFor()
})

browserTest(
  'a touched audit is failing by shape and word, and an audit nobody looked over is unknown',
  async (visit) => {
    const { page, double, open } = visit
    double.world.seal = {
      ...double.world.seal,
      verdict: 'touched',
      problems: ['Entry aud_1042 was changed after it was sealed.'],
    }
    await open('/audit')
    const seal = page.getByRole('note', { name: 'Seal of the audit' })
    await seal.getByText('Entry aud_1042 was changed after it was sealed.').waitFor()
    assert.equal((await seal.locator('[data-state="failing"]').count()) > 0, true)
    await takePicture(page, 'audit-touched')
    await assertAccessible(page)

    double.world.seal = { ...double.world.seal, verdict: 'unknown', verified_at: null, problems: [] }
    await seal.getByText('Never looked over: holdfast audit verify').waitFor()
    assert.equal((await seal.locator('[data-state="unknown"]').count()) > 0, true)
  },
)

browserTest('what is exported is what the filters show', async ({ page, double, open }) => {
  await open('/audit?action=user.blocked')
  await page.getByRole('table', { name: 'Audit' }).waitFor()
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /NDJSON/ }).click()
  const file = await download
  assert.equal(file.suggestedFilename(), 'audit.ndjson')
  assert.match(await readFile(await file.path(), 'utf8'), /^\{"id":"aud_/)
  assert.ok(double.calls.includes('GET /v1/audit/export?format=ndjson&action=user.blocked'))
})
