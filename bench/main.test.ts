import assert from 'node:assert/strict'
import { test } from 'node:test'
import { benches } from './catalogue.ts'
import { printReport } from './print-report.ts'
import { BadUsage } from '../drills/frame/arguments.ts'
import { help, readArguments } from './read-arguments.ts'
import type { Report } from './report.ts'

test('every contestant is named once, is in the help, and is set against one of its own bench that exists', () => {
  for (const { contestants, ratios } of benches) {
    const names = contestants.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const { name, ratioTo } of contestants) {
      assert.ok(help().includes(name))
      assert.ok(names.includes(ratioTo), `${name} is set against ${ratioTo}`)
    }
    for (const { of, to } of ratios) assert.ok(names.includes(of) && names.includes(to), `${of} of ${to}`)
  }
})

test('the arguments choose bench, contestants, rounds and seconds; a mistake is told in one line', () => {
  const all = readArguments(['sessions', '--json'])!
  assert.deepEqual([all.chosen.length, all.only, all.isJson], [benches[0]!.contestants.length, null, true])
  const some = readArguments(['sessions', '--only', 'bare-fastify,holdfast-warm', '--rounds', '5', '--seconds', '0.5'])!
  assert.deepEqual(
    some.chosen.map(({ name }) => name),
    ['bare-fastify', 'holdfast-warm'],
  )
  assert.deepEqual([some.rounds, some.seconds], [5, 0.5])
  assert.equal(readArguments(['sessions', '--help']), null)
  for (const words of [
    [],
    ['other'],
    ['sessions', 'flags'],
    ['sessions', '--only', 'nobody'],
    ['flags', '--only', 'bare-fastify'],
    ['sessions', '--rounds', '0'],
    ['sessions', '--nonsense'],
  ])
    assert.throws(() => readArguments(words), BadUsage)
})

test('unleash-server takes part when somebody says where it is, and is asked for by name only then', () => {
  const named = (words: string[]) => readArguments(words)!.chosen.some(({ needs }) => needs === 'unleash')
  assert.ok(!named(['flags']))
  assert.ok(named(['flags', '--unleash', '/tmp/unleash']))
  assert.throws(() => readArguments(['flags', '--only', 'unleash-server']), BadUsage)
})

test('a figure that could not be measured is printed as none, never as 0', () => {
  const none = { median: null, min: null, max: null, ratio: null, ratio_to: null, cpu_us: null }
  const report: Report = {
    bench: 'sessions',
    commit: 'abc',
    verdict: 'invalid',
    why: ['bare-fastify: nothing was answered'],
    machine: { cores: 2 },
    run: { rounds: 1, seconds: 1, only: null },
    rows: [
      { contestant: 'bare-fastify', measure: 'session check', unit: '1/s', ...none },
      { contestant: 'holdfast', measure: 'memory', unit: 'MB', ...none },
    ],
    bars: [{ name: 'warm', required: '≥ 0.6', measured: null, met: false }],
  }
  const text = printReport(report)
  assert.match(text, /\| bare-fastify \| session check \| – +\| – … –/)
  assert.match(text, /memory +\| not measured/)
  assert.match(text, /warm \| ≥ 0.6 +\| – +\| MISSED/)
  assert.match(text, /Verdict: invalid/)
})
