import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ArmFigures, barOf, type Card, type Demand, judge, percent, seconds } from './card.ts'
import { printCard } from './print-card.ts'

const demand = (own: Partial<Demand>): Demand => ({
  name: 'false sign-outs',
  kind: 'promise',
  measured: 0,
  required: { exactly: 0 },
  otherwise: 'Somebody was signed out.',
  ...own,
})

test('a drill holds when every bar is met, misses when one is not, and is invalid when it proves nothing', () => {
  const met = demand({})
  const missed = demand({ measured: 3 })
  const unproven = demand({ kind: 'validity', measured: 2, required: { exactly: 3 }, otherwise: 'No fault was seen.' })
  assert.equal(judge([met]).verdict, 'held')
  assert.deepEqual(judge([met, missed]).why, ['Somebody was signed out.'])
  assert.equal(judge([met, missed]).verdict, 'missed')
  assert.equal(judge([met, missed, unproven]).verdict, 'invalid')
  assert.equal(judge([met, unproven]).verdict, 'invalid')
  assert.equal(judge([missed, unproven]).why[0], 'No fault was seen.')
})

test('what was not measured meets no bar', () => {
  assert.equal(barOf(demand({ measured: null })).met, false)
  assert.equal(barOf(demand({ measured: null, required: { atMost: 2 } })).met, false)
  assert.equal(judge([demand({ measured: null })]).verdict, 'missed')
})

test('a bar is written as it is required', () => {
  assert.deepEqual(barOf(demand({ name: 'recovered', measured: 2, required: { atMost: 2 } })), {
    name: 'recovered',
    required: '≤ 2',
    measured: 2,
    met: true,
  })
  assert.equal(barOf(demand({ measured: 2.01, required: { atMost: 2 } })).met, false)
  assert.equal(barOf(demand({ measured: 99.99, required: { atLeast: 100 } })).met, false)
})

test('100 % is said only of all, 0 % only of none, and nothing at all of nobody', () => {
  assert.equal(percent(999_999, 1_000_000), 99.99)
  assert.equal(percent(1_000_000, 1_000_000), 100)
  assert.equal(percent(1, 1_000_000), 0.01)
  assert.equal(percent(0, 5), 0)
  assert.equal(percent(0, 0), null)
  assert.equal(seconds(null), null)
  assert.equal(seconds(1234), 1.23)
})

test('the card for people says where a figure is missing, and why the run is invalid', () => {
  const figures: ArmFigures = {
    fault_proven: false,
    detect_s: null,
    named_s: null,
    sign_in_pct: 1.69,
    existing_pct: 100,
    wrong_answers: 0,
    recover_s: 0.8,
    lost: 0,
    duplicated: null,
    resurrected: 0,
    false_alarms: 0,
    false_sign_outs: 0,
    details: {},
  }
  const card: Card = {
    drill: 'database-hang',
    commit: 'abc',
    seed: 7,
    verdict: 'invalid',
    why: ['The fault was not seen to take effect.'],
    arms: { naive: figures, holdfast: { ...figures, fault_proven: true } },
    bars: [{ name: 'recovered after, s', required: '≤ 2', measured: null, met: false }],
  }
  const text = printCard(card, { isColoured: false })
  assert.match(text, /naive +holdfast/)
  assert.match(text, /fault proven +no +yes/)
  assert.match(text, /detected after +not seen +not seen/)
  assert.match(text, /duplicated +not measured +not measured/)
  assert.match(text, /existing sessions valid +100 % +100 %/)
  assert.match(text, /■ missed {2}recovered after, s +≤ 2 +not measured/)
  assert.match(text, /◍ INVALID/)
  assert.match(text, /· The fault was not seen to take effect\./)
  assert.ok(!text.includes('\u001b'))
  assert.ok(printCard(card, { isColoured: true }).includes('\u001b['))
})
