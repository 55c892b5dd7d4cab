import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupsOf } from './setting-groups.ts'

const setting = (variable: string) => ({ variable, value: null, from: 'default', means: '' })

test('settings that begin alike stand together, and those that stand alone come first', () => {
  const groups = groupsOf(['HOLDFAST_MAIL_A', 'HOLDFAST_PORT', 'HOLDFAST_MAIL_FROM', 'HOLDFAST_URL'].map(setting))
  assert.deepEqual(
    groups.map(({ name, settings }) => [name, settings.map(({ variable }) => variable)]),
    [
      ['Installation', ['HOLDFAST_PORT', 'HOLDFAST_URL']],
      ['Mail', ['HOLDFAST_MAIL_A', 'HOLDFAST_MAIL_FROM']],
    ],
  )
})
