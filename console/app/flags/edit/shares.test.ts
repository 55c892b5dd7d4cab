import assert from 'node:assert/strict'
import { test } from 'node:test'
import { movedTo, percentOf, splitOf } from './shares.ts'

test('a split begins with nobody moved, and every move leaves a hundred per cent', () => {
  let split = splitOf({ kind: 'default' }, ['on', 'off'], 'off')
  const percents = () => split.shares.map((share) => `${share.variant} ${percentOf(share, split.shares)}`)
  assert.deepEqual(percents(), ['on 0', 'off 100'])
  // As somebody types it.
  for (const percent of [2, 25]) split = movedTo(split, 'on', percent)
  assert.deepEqual(percents(), ['on 25', 'off 75'])
  split = movedTo(split, 'on', 400)
  assert.deepEqual(percents(), ['on 100', 'off 0'])
})
