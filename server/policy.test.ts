import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage } from './access/testing.ts'
import { readConfig } from './config.ts'
import { policyOf } from './policy.ts'

test('the rules that are shown are those in force, whatever was set', () => {
  const shownFor = (settings: Record<string, string>, what: string) =>
    policyOf(readConfig(settings).config).find((line) => line.what === what)?.value
  const set: readonly [variable: string, what: string, text: string, shown: string, byDefault: string][] = [
    ['HOLDFAST_SESSION_IDLE', 'A session not used', '36h', '36 hours', '14 days'],
    ['HOLDFAST_SESSION_LIFE', 'A session at the longest', '30d', '30 days', '90 days'],
    ['HOLDFAST_SESSION_RETENTION', 'Ended sessions are kept', '7d', '7 days', '90 days'],
    ['HOLDFAST_DELETION_GRACE', 'A deletion can be undone', '1h', '1 hour', '30 days'],
    ['HOLDFAST_AUDIT_RETENTION', 'The audit is kept', '500d', '500 days', '400 days'],
    ['HOLDFAST_SIGNAL_RETENTION', 'Signals are kept', '30d', '30 days', '90 days'],
  ]
  for (const [variable, what, text, shown, byDefault] of set) {
    assert.equal(shownFor({}, what), byDefault, variable)
    assert.equal(shownFor({ [variable]: text }, what), shown, variable)
  }
  assert.equal(shownFor({}, 'Code and link of a sign-in'), '5 minutes, once, 5 attempts')
})

test('the rules in force are on /docs of the running process, one line each', async () => {
  await using stage = await openStage()
  const page = await (await fetch(`${stage.url}/docs`)).text()
  const section = page.slice(page.indexOf('id="policy"'), page.indexOf('</section>', page.indexOf('id="policy"')))
  for (const { what, value } of policyOf(readConfig({}).config)) {
    assert.ok(section.includes(`<th scope="row">${what}</th><td>${value}</td>`), what)
  }
})
