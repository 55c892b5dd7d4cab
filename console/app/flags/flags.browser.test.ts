import assert from 'node:assert/strict'
import type { FlagDefinition } from '@holdfast/sdk/evaluate'
import type { Page } from 'playwright-core'
import { assertAccessible, browserTest, openPalette, takePicture } from '../../testing/browser.ts'
import type { World } from '../../testing/world.ts'

/** Tab, as a hand would, until something of this name has the focus; more stops than any page has means it is not in reach. */
const STOPS_MAX = 80
async function tabTo(page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    await page.keyboard.press(key)
    const isThere = await page.evaluate((sought) => {
      const at = document.activeElement
      const labels =
        at instanceof HTMLInputElement || at instanceof HTMLSelectElement || at instanceof HTMLTextAreaElement
          ? [...(at.labels ?? [])]
          : []
      const names = [
        at?.getAttribute('aria-label'),
        ...labels.map((label) => label.textContent),
        at?.textContent?.trim(),
      ]
      return names.includes(sought)
    }, name)
    if (isThere) return
  }
  throw new Error(`The keyboard does not reach “${name}”.`)
}

/** Chooses in a native list by typing, as a hand would. */
async function choose(page: Page, text: string) {
  await page.keyboard.type(text)
}

const flagOf = (world: World, key: string) => world.flags.entries.find((each) => each.key === key)
const ruleOf = (world: World, key: string) => (flagOf(world, key)!.definition as FlagDefinition).targeting

browserTest(
  'somebody who has never seen the console makes a flag, targets one organisation, ramps it to 25 %, looks up why a user got off, and undoes it, by keyboard alone',
  async ({ page, double, open }) => {
    const acme = double.world.organizations.find(({ name }) => name === 'Acme')!
    await open('/')
    await page.getByRole('heading', { name: 'All is well' }).waitFor()

    // Makes it: found by name, two words typed.
    await openPalette(page)
    await page.keyboard.type('make a flag')
    await page.getByRole('button', { name: /Make a flag/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Make a flag' })
    await dialog.waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name')
    await page.keyboard.type('Quick notes')
    await takePicture(page, 'flag-make')
    await assertAccessible(page)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Quick notes', level: 1 }).waitFor()
    assert.equal(flagOf(double.world, 'quick-notes')?.name, 'Quick notes')

    // Targets one organisation, by its name.
    await tabTo(page, 'Add a rule')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Attribute of condition 1 of rule 1', 'Shift+Tab')
    await page.keyboard.type('organization')
    await tabTo(page, 'Value of condition 1 of rule 1')
    await page.keyboard.type('acme')
    await page.getByRole('option', { name: 'Acme', exact: true }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await tabTo(page, 'What rule 1 gives')
    await tabTo(page, 'Review and save')
    await takePicture(page, 'flag-targeted')
    await page.keyboard.press('Enter')
    const review = page.getByRole('dialog', { name: 'Save quick-notes' })
    await review.getByText(`for organization is ${acme.id}: on`).waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'reason')
    await page.keyboard.type('Pilot with Acme')
    await takePicture(page, 'flag-review')
    await assertAccessible(page)
    await page.keyboard.press('Enter')
    await page.getByText('quick-notes is saved').first().waitFor()
    assert.deepEqual(ruleOf(double.world, 'quick-notes'), { if: [{ '===': [{ var: 'organization' }, acme.id] }, 'on'] })
    await review.waitFor({ state: 'detached' })

    // Ramps it to 25 % of everybody else.
    await tabTo(page, 'What everybody else gives', 'Shift+Tab')
    await choose(page, 'a share')
    await tabTo(page, 'Share of on in everybody else')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('25')
    await tabTo(page, 'Review and save')
    await page.keyboard.press('Enter')
    await review.getByText('25 % on, 75 % off, sticky by targetingKey').waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'reason')
    await page.keyboard.press('Enter')
    await review.waitFor({ state: 'detached' })
    assert.deepEqual((ruleOf(double.world, 'quick-notes') as { if: unknown[] }).if[2], {
      fractional: [
        ['on', 25],
        ['off', 75],
      ],
    })

    // Looks up why a user got `off`.
    await tabTo(page, 'Try it', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Who asks' }).waitFor()
    await tabTo(page, 'targetingKey')
    await page.keyboard.type('usr_7')
    const answer = page.getByRole('region', { name: 'Answer of quick-notes' })
    await answer
      .getByText(/falls on \d+ of 100, which is in "off"/)
      .first()
      .waitFor()
    await answer.getByText('organization is not there').waitFor()
    await takePicture(page, 'flag-why')
    await assertAccessible(page)

    // Undoes the ramp.
    await tabTo(page, 'History', 'Shift+Tab')
    await page.keyboard.press('Enter')
    const history = page.getByRole('list', { name: 'History' })
    await history.getByText('changed by Ana Duarte').first().waitFor()
    await takePicture(page, 'flag-history-own')
    await tabTo(page, 'Undo')
    await page.keyboard.press('Enter')
    const undo = page.getByRole('dialog', { name: 'Undo this change?' })
    await undo.getByText('25 % on, 75 % off').waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'reason')
    await page.keyboard.press('Enter')
    await undo.waitFor({ state: 'detached' })
    assert.deepEqual(ruleOf(double.world, 'quick-notes'), { if: [{ '===': [{ var: 'organization' }, acme.id] }, 'on'] })
    await history.getByText('put back (undo) by Ana Duarte').waitFor()
  },
)

browserTest('two people change one flag: both changes are shown, and both are kept', async (visit) => {
  const { page, double, open } = visit
  await open('/flags/welcome.text')
  await page.getByLabel('What it is for').fill('The first words of the product')
  const entry = flagOf(double.world, 'welcome.text')!
  double.world.flags.seq += 1
  Object.assign(entry, {
    seq: double.world.flags.seq,
    by: double.world.users[1]!.id,
    changed_at: new Date().toISOString(),
    definition: { ...(entry.definition as FlagDefinition), defaultVariant: 'warm' },
  })
  await page.getByRole('button', { name: 'Review and save' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('dialog').getByText('was changed meanwhile').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  const notice = page.getByRole('alert').filter({ hasText: 'Bram de Wit changed this flag while you did' })
  await page.getByRole('button', { name: 'Look at both' }).click()
  await notice.getByRole('region', { name: 'Theirs' }).getByText('default variant').waitFor()
  await notice.getByRole('region', { name: 'Yours' }).getByText('The first words of the product').waitFor()
  await takePicture(page, 'flag-meanwhile')
  await assertAccessible(page)
  await notice.getByRole('button', { name: 'Keep both' }).click()
  await page.getByRole('button', { name: 'Review and save' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('welcome.text is saved').first().waitFor()
  assert.equal(entry.description, 'The first words of the product')
  assert.equal((entry.definition as FlagDefinition).defaultVariant, 'warm')
})

browserTest('what is written as JSON is what the form shows, and what is no flag cannot be saved', async (visit) => {
  const { page, open } = visit
  await open('/flags/export.csv')
  const json = page.getByLabel('As JSON')
  await json.fill('{"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off",')
  await page
    .getByText(/This is not JSON/)
    .first()
    .waitFor()
  assert.equal(await page.getByRole('button', { name: 'Review and save' }).getAttribute('aria-disabled'), 'true')
  await json.fill(
    '{"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"==": [{"var": "plan"}, "pro"]}, "on"]}}',
  )
  assert.equal(await page.getByLabel('Attribute of condition 1 of rule 1').first().inputValue(), 'plan')
  await page.getByRole('link', { name: 'Try it' }).last().click()
  await page.getByText('Tried with what you changed and did not save').waitFor()
  await page.getByLabel('plan', { exact: true }).fill('pro')
  await page.getByRole('region', { name: 'Answer of export.csv' }).getByText('The rule gives on.').waitFor()
  await page.getByRole('link', { name: 'Rule', exact: true }).click()
  assert.equal(await page.getByLabel('Attribute of condition 1 of rule 1').first().inputValue(), 'plan')
})

browserTest('metadata that are none are told beside the JSON, and the form stays as it was', async ({ page, open }) => {
  await open('/flags/export.csv')
  const json = page.getByLabel('As JSON')
  const complaint = 'Write "metadata" as an object: a text, a number or a boolean by its name. Or leave it out.'
  for (const metadata of ['null', '[]', '"client"', '5']) {
    await json.fill(`{"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on", "metadata": ${metadata}}`)
    await page.getByRole('status').getByText(complaint).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Review and save' }).getAttribute('aria-disabled'), 'true')
    assert.equal(await page.getByLabel('May be seen by browsers').isChecked(), false)
    await json.fill('{"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on", "metadata": {}}')
    await page.getByRole('status').getByText(complaint).waitFor({ state: 'detached' })
  }
})

browserTest(
  'the kill switch is one step with its reason, and switching on is another',
  async ({ page, double, open }) => {
    await open('/flags/checkout.express')
    await page.getByRole('button', { name: 'Kill switch' }).click()
    const dialog = page.getByRole('dialog', { name: 'Kill checkout.express?' })
    await dialog.getByLabel('Why').fill('Payments fail')
    await page.keyboard.press('Enter')
    await page.getByText('checkout.express is off').first().waitFor()
    assert.equal(double.world.flags.log[0]?.reason, 'Payments fail')
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page
      .getByRole('dialog')
      .getByText(/25 % on, 75 % off/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click()
    await page.getByText('checkout.express is on').first().waitFor()
  },
)

browserTest('a restore shows first what it would do, and asks for the number of what goes away', async (visit) => {
  const { page, double, open } = visit
  const before = double.world.flags.log.length
  await open('/flags/changes')
  await page.getByRole('button', { name: 'Restore to an instant' }).click()
  const dialog = page.getByRole('dialog', { name: 'Restore flags' })
  await dialog.getByLabel('As they were at').fill('2020-01-01T00:00:00')
  await dialog.getByRole('button', { name: 'Show what would happen' }).click()
  await dialog.getByText(/0 come back, 0 change, 10 go away. Nothing is done yet./).waitFor()
  await takePicture(page, 'flag-restore-told')
  await assertAccessible(page)
  assert.equal(double.world.flags.log.length, before)
  const restore = dialog.getByRole('button', { name: 'Restore', exact: true })
  assert.equal(await restore.getAttribute('aria-description'), 'Type 10 first.')
  await dialog.getByLabel(/Type 10 to go on/).fill('10')
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click()
  assert.equal((await download).suggestedFilename(), 'flags-before-e3.s1891.json')
  await page.getByText('Flags are restored').first().waitFor()
})

browserTest('the key that signs flags is rotated with its reason, which stands in the history', async (visit) => {
  const { page, double, open } = visit
  await open('/flags/changes')
  await page.getByRole('button', { name: 'Rotate signing key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rotate the key that signs flags?' })
  await dialog.getByText(/never believed again: this cannot be undone\. No answer changes/).waitFor()
  await takePicture(page, 'flag-rotate-key')
  await assertAccessible(page)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal(double.world.flags.log[0]?.deed === 'rotate-key', false)
  await page.getByRole('button', { name: 'Rotate signing key' }).click()
  await dialog.getByLabel('Why').fill('A disk was stolen')
  await dialog.getByRole('button', { name: 'Rotate key' }).click()
  await page.getByText('Flags are signed by another key').first().waitFor()
  const row = page.getByRole('list', { name: 'History' }).getByRole('listitem').first()
  await row.getByText('all flags signed with a new key by Ana Duarte').waitFor()
  await row.getByText('“A disk was stolen”').waitFor()
  const undo = row.getByRole('button', { name: /^Undo/ })
  assert.equal(await undo.getAttribute('aria-description'), 'A key that was replaced never signs again.')
  assert.deepEqual([double.world.flags.log[0]?.deed, double.world.flags.seq], ['rotate-key', 1892])
})

browserTest('while flags are held the key is not rotated, and the button says why', async ({ page, double, open }) => {
  double.become('flags-wiped')
  await open('/flags/changes')
  const rotate = page.getByRole('button', { name: 'Rotate signing key' })
  await rotate.and(page.locator('[aria-disabled=true]')).waitFor()
  assert.match((await rotate.getAttribute('aria-description')) ?? '', /Flags are held: restore or adopt first/)
  await page
    .getByRole('button', { name: 'Restore to an instant' })
    .and(page.locator(':not([aria-disabled=true])'))
    .waitFor()
})

browserTest(
  'with the database away flags are read from what access serves, and nothing can be changed',
  async (visit) => {
    const { page, double, open } = visit
    double.become('database-away')
    await open('/flags')
    await page.getByText('As access serves it, number e3.s1891').waitFor()
    await page
      .getByRole('table', { name: 'Flags' })
      .getByRole('link', { name: /new-view/ })
      .waitFor()
    await takePicture(page, 'flags-served')
    await assertAccessible(page)
    assert.equal(await page.getByRole('button', { name: 'Make a flag' }).getAttribute('aria-disabled'), 'true')
    await page.getByRole('link', { name: /new-view/ }).click()
    await page.getByRole('link', { name: 'Try it' }).last().click()
    await page.getByLabel('targetingKey').fill('usr_7')
    await page
      .getByRole('region', { name: 'Answer of new-view' })
      .getByText(/falls on/)
      .first()
      .waitFor()
    await takePicture(page, 'flag-served-try')
  },
)

browserTest(
  'support sees flags and why, and is told on each button what it may not do',
  async ({ page, double, open }) => {
    double.become('support')
    await open('/flags/checkout.express')
    const kill = page.getByRole('button', { name: 'Kill switch' })
    await kill.waitFor()
    await page.waitForFunction(() => document.querySelectorAll('button[aria-disabled]').length > 1)
    assert.match((await kill.getAttribute('aria-description')) ?? '', /does not include: switch a flag off/)
    assert.equal(await page.getByLabel('Attribute of condition 1 of rule 1').first().isDisabled(), true)
  },
)

browserTest('a flag is archived, found among the archived ones, and brought back', async ({ page, double, open }) => {
  await open('/flags/export.csv?ask=archive')
  await page.getByRole('dialog').getByRole('button', { name: 'Archive flag' }).click()
  await page.getByText('export.csv is archived').first().waitFor()
  await page.getByRole('button', { name: 'Bring back' }).waitFor()
  await open('/flags?state=archived')
  await page.getByRole('link', { name: /CSV export/ }).click()
  await page.getByRole('button', { name: 'Bring back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click()
  await page.getByRole('button', { name: 'Kill switch' }).waitFor()
  assert.equal(flagOf(double.world, 'export.csv')?.archived_at, null)
})

browserTest(
  'of tables that were emptied nobody is told that there are no flags, and the way back is at hand',
  async (visit) => {
    const { page, double, open } = visit
    double.become('flags-wiped')
    await open('/flags')
    await page.getByText('Flags are held: nothing can be changed until somebody decides').waitFor()
    await page
      .getByRole('table', { name: 'Flags' })
      .getByRole('link', { name: /new-view/ })
      .waitFor()
    await page.waitForFunction(() => document.querySelectorAll('button[aria-disabled]').length > 0)
    const make = page.getByRole('button', { name: 'Make a flag' })
    assert.match((await make.getAttribute('aria-description')) ?? '', /Flags are held/)
    await page.getByRole('link', { name: 'Restore what is served' }).click()
    await page.getByRole('dialog', { name: 'Restore flags' }).waitFor()
  },
)

browserTest('a flag is found by its name in the palette, and opened', async ({ page, open }) => {
  await open('/')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
  await openPalette(page)
  await page.keyboard.type('express')
  await page.getByRole('dialog').getByText('Express checkout').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/console\/flags\/checkout\.express$/)
})

browserTest(
  'a failure contract that cannot be meant is told at its field, and is not saved',
  async ({ page, open }) => {
    await open('/flags/new-view')
    await page.getByLabel('While Holdfast cannot be asked, applications give').selectOption('value')
    await page.getByLabel('Which value').fill('maybe')
    const complaint = 'Write true or false as holdfast.value, as the variants are: "maybe" is none.'
    await page.getByRole('region', { name: 'Promises' }).getByText(complaint).waitFor()
    await page.getByRole('status').getByText(complaint).waitFor()
    await page.getByLabel('Which value').fill('true')
    await page.getByRole('status').getByText('not saved yet').waitFor()
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByRole('dialog', { name: 'Save new-view' }).waitFor()
  },
)
