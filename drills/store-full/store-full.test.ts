import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printCard } from '../frame/print-card.ts'
import { assertHonest, runDrill } from '../testing.ts'

describe('a short drill of a store that fills up', { concurrency: true }, () => {
  test('the naive arm shows what six proven faults of its store cost, and prints nothing but its card', async () => {
    const ran = await runDrill('store-full', 'naive')
    assertHonest(ran, 'naive')
    assert.equal(ran.stderr, '')
    assert.equal(ran.figures.fault_proven, true)
    const faults = ran.figures.details.faults as {
      sign_in_pct: number
      false_sign_outs: number
      ping: { up: number }
    }[]
    const [expiryOff, , , wiped] = faults
    assert.ok(expiryOff!.sign_in_pct < 50, 'nobody gets in while the store is full')
    assert.ok(wiped!.false_sign_outs > 0, 'a wipe signs people out')
    assert.match(printCard(ran.card, { isColoured: false }), /Naive, A: full, .*PING up/s)
  })

  test('through the same faults Holdfast lets everybody in, signs nobody out and resurrects nobody', async () => {
    const ran = await runDrill('store-full', 'holdfast')
    assertHonest(ran, 'holdfast')
    assert.equal(ran.figures.fault_proven, true)
    assert.deepEqual([ran.figures.false_sign_outs, ran.figures.resurrected], [0, 0])
    if (ran.card.verdict !== 'invalid') assert.equal(ran.card.verdict, 'held', ran.card.why.join('\n'))
    assert.equal(ran.figures.details.left_running, 0)
  })
})
