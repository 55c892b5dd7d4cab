import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printCard } from '../frame/print-card.ts'
import { assertHonest, type Ran, runDrill } from '../testing.ts'
import type { CustomerFigures } from './judge-arm.ts'

const figuresOf = ({ figures }: Ran, key: string) =>
  (figures.details.customers as CustomerFigures[]).find(({ customer }) => customer === key)!

describe('a short drill of providers that are down', { concurrency: true }, () => {
  test('the naive arm shows what fifteen proven faults cost, and prints nothing but its card', async () => {
    const ran = await runDrill('provider-down', 'naive')
    assertHonest(ran, 'naive')
    assert.equal(ran.stderr, '')
    assert.equal(ran.figures.fault_proven, true)
    const outlived = figuresOf(ran, 'keys-outlived')
    assert.ok(outlived.existing_pct! < 100, 'tokens that are good are refused once the keys are forgotten')
    assert.equal(figuresOf(ran, 'healthy-1').existing_pct, 100)
    const text = printCard(ran.card, { isColoured: false })
    assert.match(text, /naive +sign-in +exist .*\n(?: .*\n)* {2}keys down longer than caches/)
  })

  test('through the same faults Holdfast signs nobody out, mixes nobody up and lets nobody in who must not be', async () => {
    const ran = await runDrill('provider-down', 'holdfast')
    assertHonest(ran, 'holdfast')
    assert.equal(ran.figures.fault_proven, true)
    const {
      customers,
      fail_over: failOver,
      left_running: left,
      accounts,
    } = ran.figures.details as {
      customers: CustomerFigures[]
      fail_over: unknown
      left_running: number
      accounts: { looked: number; changed: number; tooMany: number }
    }
    assert.deepEqual([ran.figures.false_sign_outs, ran.figures.false_alarms ?? 0], [0, 0])
    // A machine that is too busy makes an answer late, and no other one.
    const { outcomes } = ran.figures.details.existing as { outcomes: Record<string, number> }
    assert.deepEqual(
      Object.keys(outcomes).filter((outcome) => outcome !== 'late'),
      ['valid'],
    )
    for (const one of customers) assert.deepEqual([one.policy_violations, one.mix_ups], [0, 0], one.customer)
    assert.deepEqual([accounts.changed, accounts.tooMany, left], [0, 0, 0])
    assert.ok(failOver)
  })
})
