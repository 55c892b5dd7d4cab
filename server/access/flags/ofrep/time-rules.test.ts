import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileFlags } from '../../../../sdk/evaluate.ts'
import { flagOf } from '../testing.ts'
import { momentsOf, openTimeRules } from './time-rules.ts'

const TIME = { var: '$flagd.timestamp' }
const compiled = (targeting: unknown, $evaluators = {}) =>
  compileFlags({ flags: { f: flagOf('off', { targeting }) }, $evaluators })
const momentsIn = (targeting: unknown, evaluators = {}) =>
  momentsOf(compiled(targeting, evaluators).flags.get('f')!)?.toSorted((one, other) => one - other)

test('of a rule that compares the time with numbers, the seconds at which it turns are known', () => {
  const cases: [unknown, number[] | undefined][] = [
    [{ if: [{ '>': [TIME, 100] }, 'on'] }, [100, 101]],
    [{ if: [{ and: [{ '>=': [TIME, 100] }, { '<': [TIME, 200.5] }] }, 'on'] }, [100, 101, 201, 201]],
    [{ if: [{ '<': [100, { var: ['$flagd.timestamp'] }, 200] }, 'on'] }, [100, 101, 200, 201]],
    [{ if: [{ $ref: 'later' }, 'on'] }, [300, 301]],
    [{ if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on'] }, []],
    [{ if: [{ '>': [{ '-': [TIME, 5] }, 100] }, 'on'] }, undefined],
    [{ if: [{ '>': [TIME, { var: 'since' }] }, 'on'] }, undefined],
    [{ if: [{ var: { cat: ['$flagd.', 'timestamp'] } }, 'on'] }, undefined],
    [
      {
        fractional: [
          ['on', TIME],
          ['off', 1],
        ],
      },
      undefined,
    ],
  ]
  for (const [targeting, moments] of cases)
    assert.deepEqual(momentsIn(targeting, { later: { '>': [TIME, 300] } }), moments, JSON.stringify(targeting))
})

test('a turn is told once, by the look after it', () => {
  const rules = openTimeRules([...compiled({ if: [{ '>=': [TIME, 100] }, 'on'] }).flags.values()], 98_000)
  const told = [99_000, 99_999, 100_000, 100_500, 101_500, 102_500].map((nowMs) => rules.hasChanged(nowMs))
  assert.deepEqual(told, [false, false, true, false, true, false])
})

test('of a time that is computed, the answers to what was asked are looked at, and everybody is told each minute', () => {
  const ramp = { if: [{ '>': [{ '-': [TIME, { var: 'offset' }] }, 100] }, 'on', 'off'] }
  const rules = openTimeRules([...compiled(ramp).flags.values()], 0)
  rules.note('a', { offset: 5 })
  rules.note('b', { offset: 20 })
  const told = Array.from({ length: 200 }, (_, second) => second).filter((second) => rules.hasChanged(second * 1000))
  assert.deepEqual(told, [60, 106, 121, 181])
})

test('a context as long as no page has one is not looked at again, and hears of it within the minute', () => {
  const ramp = { if: [{ '>': [{ '-': [TIME, { var: 'offset' }] }, 100] }, 'on', 'off'] }
  const rules = openTimeRules([...compiled(ramp).flags.values()], 0)
  rules.note('a'.repeat(10_000), { offset: 5 })
  const told = Array.from({ length: 130 }, (_, second) => second).filter((second) => rules.hasChanged(second * 1000))
  assert.deepEqual(told, [60, 120])
})
