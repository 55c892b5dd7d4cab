import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Definition } from '@holdfast/sdk/evaluate'
import { usersOf } from './users-of.ts'

test('a flag uses a segment also by way of another, and a circle ends', () => {
  const flag = (targeting: unknown) => ({ state: 'ENABLED' as const, variants: { on: true }, targeting })
  const definition: Definition = {
    flags: {
      one: flag({ if: [{ $ref: 'staff' }, 'on'] }),
      other: flag({ if: [{ $ref: 'beta' }, 'on'] }),
      none: flag({}),
    },
    $evaluators: { beta: { or: [{ $ref: 'staff' }, { $ref: 'beta' }] }, staff: true },
  }
  assert.deepEqual(usersOf('staff', definition), ['one', 'other'])
  assert.deepEqual(usersOf('beta', definition), ['other'])
  assert.deepEqual(usersOf('nobody', definition), [])
})
