import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import { throughPortions } from './portions.ts'

/** So many to do, five at once, each of which takes a second of the test's own clock. */
function rig(count: number) {
  const seen = { nowMs: 0, left: count, underWay: 0, mostUnderWay: 0 }
  const portions = {
    withinMs: 10_000,
    async take() {
      const portion = Array.from({ length: Math.min(5, seen.left) }, (_, index) => index)
      seen.left -= portion.length
      return portion
    },
    async each() {
      seen.underWay++
      seen.mostUnderWay = Math.max(seen.mostUnderWay, seen.underWay)
      await nextTurn()
      seen.underWay--
      seen.nowMs += 1000
    },
  }
  return { seen, round: () => throughPortions({ monotonicMs: () => seen.nowMs }, portions) }
}

test('a round goes on through portions until nobody is left', async () => {
  const { seen, round } = rig(8)
  assert.equal(await round(), 8)
  assert.equal(seen.left, 0)
})

test('a round begins no portion when its time is over, and leaves the rest to the next one', async () => {
  const { seen, round } = rig(100)
  assert.equal(await round(), 10)
  assert.deepEqual([seen.left, seen.nowMs], [90, 10_000])
  assert.equal(await round(), 10)
})

test('no more are under way at once than one portion has', async () => {
  const { seen, round } = rig(10)
  assert.equal(await round(), 10)
  assert.equal(seen.mostUnderWay, 5)
})
