import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlagDefinition } from '@holdfast/sdk/evaluate'
import { complaintsOf, contractComplaint } from './complaints.ts'
import { draftOf } from './draft.ts'

const flag = (metadata: Record<string, string | number | boolean>): FlagDefinition => ({
  ...{ state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
  metadata,
})

test('what a flag says of outages and cannot mean is told at its field, and before anybody saves it', () => {
  const cases: [Record<string, string | number | boolean>, string | undefined][] = [
    [{ 'holdfast.on_unknown': 'vale' }, 'holdfast.on_unknown'],
    [{ 'holdfast.on_unknown': 'value', 'holdfast.value': 'yes' }, 'holdfast.value'],
    [{ 'holdfast.max_age': -1 }, 'holdfast.max_age'],
    [{ 'holdfast.on_unknown': 'value', 'holdfast.value': false, 'holdfast.max_age': 60 }, undefined],
    // Left to the set, which access looks at.
    [{ 'holdfast.on_unknown': 'value' }, undefined],
  ]
  for (const [metadata, name] of cases) {
    const definition = flag(metadata)
    const found = contractComplaint(definition)
    assert.equal(found?.name, name)
    const draft = draftOf({ name: null, description: null, tags: [], definition })
    assert.deepEqual(complaintsOf(draft), found ? [found.message] : [])
  }
})
