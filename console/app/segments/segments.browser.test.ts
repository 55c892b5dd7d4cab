import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest('a segment is made of conditions, and a flag asks it', async ({ page, double, open }) => {
  await open('/segments')
  await page.getByRole('button', { name: 'Make a segment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Make a segment' })
  await dialog.getByLabel('Name').fill('Iberia')
  await dialog.getByRole('button', { name: 'Make segment' }).click()
  await dialog.getByText('Of its conditions: write the attribute to look at.').waitFor()
  await dialog.getByLabel('Attribute of condition 1 of the segment').first().fill('country')
  await dialog.getByLabel('Comparison of condition 1 of the segment').selectOption('is one of')
  await dialog.getByLabel('Value of condition 1 of the segment').first().fill('PT,ES,')
  await takePicture(page, 'segment-making')
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Make segment' }).click()
  await page.getByRole('heading', { name: 'Iberia', level: 1 }).waitFor()
  assert.deepEqual(double.world.flags.entries.at(-1)?.definition, { in: [{ var: 'country' }, ['PT', 'ES']] })
  await page.getByText('No flag asks it.').waitFor()

  await open('/flags/export.csv')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByRole('button', { name: 'Add a segment' }).click()
  await page.getByRole('button', { name: 'Remove condition 1 of rule 1' }).click()
  await page.getByLabel('Segment of condition 1 of rule 1').selectOption('iberia')
  await page.getByRole('button', { name: 'Review and save' }).click()
  await page
    .getByRole('dialog')
    .getByText(/for in segment iberia/)
    .waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('export.csv is saved').first().waitFor()
  await open('/segments/iberia')
  await page.getByRole('region', { name: 'Used by' }).getByRole('link', { name: 'export.csv' }).waitFor()
})

browserTest('a segment that a flag asks stays, and it is said which', async ({ page, open }) => {
  await open('/segments/beta-testers?ask=delete')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete segment' }).click()
  await page.getByText('The segment beta-testers is used by new-view. Take it out there first.').waitFor()
})

browserTest('a change of a segment is looked at before it is saved', async ({ page, double, open }) => {
  await open('/segments/beta-testers')
  await page.getByLabel('How the conditions of the segment are joined').selectOption('all of these hold')
  await page.getByRole('button', { name: 'Review and save' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save beta-testers' })
  await dialog.getByRole('list', { name: 'What changes' }).getByText('who:').waitFor()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('beta-testers is saved').first().waitFor()
  assert.equal(double.world.flags.log[0]?.deed, 'edit')
})
