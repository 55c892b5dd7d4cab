import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { adviceFor } from './what-to-do.ts'

const dependencies = ['database', 'feed', 'sign-outs', 'flags', 'mail A', 'mail B', 'backup', 'access']

test('for everything that can be away there is something to do, and its runbook exists', () => {
  for (const name of dependencies) {
    const advice = adviceFor(name)
    assert.ok(advice && advice.steps.length > 0, name)
    if (advice.runbook) assert.ok(existsSync(join(import.meta.dirname, '../../..', advice.runbook)), advice.runbook)
  }
  assert.equal(adviceFor('something new'), null)
})
