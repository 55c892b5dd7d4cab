import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Card } from '../frame/card.ts'
import { printCard } from '../frame/print-card.ts'
import { runDrill } from '../testing.ts'

/** The shortest there is: who answers wrongly does so within two seconds, or not at all. */
const SCALE = 0.05

/** What depends on how busy the machine is: then the card says invalid or missed, which is right and no failure of the drill. */
const BUSY = /asked of what was planned|, s$/

function unmet({ bars }: Card): string[] {
  return bars.filter(({ name, met }) => !met && !BUSY.test(name)).map(({ name }) => name)
}

describe('a short drill of flags that are wiped', { concurrency: true }, () => {
  test('the naive arm answers wrongly from the wipe on, notices nothing, and prints nothing but its card', async () => {
    const { card, figures, stderr } = await runDrill('flags-wiped', 'naive', SCALE)
    assert.deepEqual(unmet(card), [], card.why.join('\n'))
    assert.equal(stderr, '')
    assert.equal(figures.fault_proven, true)
    assert.ok(figures.wrong_answers! > 0)
    assert.equal(figures.detect_s, null)
    assert.match(printCard(card, { isColoured: false }), /Naive, \(a\) demo runs its job .* answers wrong/s)
  })

  test('through the same wipe, six false snapshots and torn disks Holdfast answers nobody wrongly, and forgets what is meant to go', async () => {
    const { card, figures } = await runDrill('flags-wiped', 'holdfast', SCALE)
    assert.deepEqual(unmet(card), [], card.why.join('\n'))
    assert.equal(figures.fault_proven, true)
    assert.equal(figures.wrong_answers, 0)
    assert.notEqual(figures.detect_s, null)
    assert.equal(figures.details.left_running, 0)
  })
})
