import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertHonest, runDrill } from '../testing.ts'

describe('a short drill of a hanging database', { concurrency: true }, () => {
  test('the naive arm shows what three proven faults cost, and prints nothing but its card', async () => {
    const ran = await runDrill('database-hang', 'naive')
    assertHonest(ran, 'naive')
    assert.equal(ran.stderr, '')
    assert.equal(ran.figures.fault_proven, true)
    assert.ok(ran.figures.existing_pct! < 100)
    assert.equal(ran.figures.detect_s, null)
    assert.equal(ran.figures.lost, 0)
    assert.ok(ran.card.why.some((sentence) => sentence.startsWith('Naive: with the whole server stopped')))
  })

  test('through the same faults Holdfast signs nobody out, resurrects nobody and loses no sign-in', async () => {
    const ran = await runDrill('database-hang', 'holdfast')
    assertHonest(ran, 'holdfast')
    assert.equal(ran.figures.fault_proven, true)
    const { false_sign_outs, resurrected, wrong_answers, lost, duplicated } = ran.figures
    assert.deepEqual(
      { false_sign_outs, resurrected, wrong_answers, lost, duplicated },
      { false_sign_outs: 0, resurrected: 0, wrong_answers: 0, lost: 0, duplicated: 0 },
    )
    if (ran.card.verdict !== 'invalid') assert.equal(ran.figures.existing_pct, 100, JSON.stringify(ran.figures.details))
    assert.equal(ran.figures.details.left_running, 0)
  })
})
