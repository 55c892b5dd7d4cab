import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ratioBarsOf } from '../bars.ts'
import { sessions } from '../benches/sessions.ts'
import { sumOfTree, usageOf } from './cpu.ts'
import { complaintsAbout } from './honesty.ts'
import { medianOf, ratioOf, spreadOf } from './median.ts'
import { cpuUsOf, perSecond, type Sample } from './sample.ts'

const sound: Sample = {
  operations: 1000,
  failed: 0,
  elapsedMs: 2000,
  serverCpuMs: 1900,
  storesCpuMs: 100,
  generatorCpuMs: 1000,
  lagP99Ms: null,
  p99Ms: null,
  complaint: null,
}

test('a median is the middle one, and of nothing it is null', () => {
  assert.equal(medianOf([3, 1, 2]), 2)
  assert.equal(medianOf([4, 1, 2, 3]), 2.5)
  assert.equal(medianOf([]), null)
  assert.deepEqual(spreadOf([30, 10, 20]), { median: 20, min: 10, max: 30 })
})

test('a ratio is that of the rounds, so that a machine that slows down for both changes nothing', () => {
  // The machine is ten times slower in the last two rounds; of the medians the ratio would be 10 / 200.
  assert.equal(ratioOf([100, 10, 10], [200, 200, 20]), 0.5)
  assert.equal(ratioOf([100, null], [null, 50]), null)
  assert.equal(ratioOf([100], [0]), null)
})

test('the CPU of a tree is that of its processes, of what descends from them, and of children that are gone', () => {
  const stat = (pid: number, parent: number, ticks: [number, number, number, number]) =>
    `${pid} (a (strange) name) S ${parent} ${pid} ${pid} 0 -1 4194560 1 2 3 4 ${ticks.join(' ')} 20 0 1 0 100`
  const table = new Map(
    [
      stat(10, 1, [1, 2, 3, 4]),
      stat(11, 10, [10, 0, 0, 0]),
      stat(12, 11, [0, 5, 0, 0]),
      stat(13, 1, [99, 0, 0, 0]),
    ].map((text) => [Number.parseInt(text, 10), usageOf(text)!] as const),
  )
  assert.equal(sumOfTree(table, [10]), 250)
  // A root that descends from another root is counted once, and one that has ended is nothing.
  assert.equal(sumOfTree(table, [10, 11, 77]), 250)
  assert.equal(usageOf(''), undefined)
})

test('CPU an operation counts the server and the stores it asked', () => {
  assert.equal(perSecond(sound), 500)
  assert.equal(cpuUsOf(sound), 2000)
  assert.equal(cpuUsOf({ ...sound, storesCpuMs: null }), null)
  assert.equal(cpuUsOf({ ...sound, operations: 0 }), null)
})

test('a run whose generator was the bottleneck says nothing, and says so', () => {
  assert.deepEqual(complaintsAbout(sound, true), [])
  const busy = { ...sound, generatorCpuMs: 1600 }
  // Whom it asks is at its own end: then the ceiling is theirs.
  assert.deepEqual(complaintsAbout(busy, true), [])
  assert.equal(complaintsAbout({ ...busy, serverCpuMs: 1000 }, true).length, 1)
  // At half of a ceiling nobody but the generator can be at the end of anything.
  assert.equal(complaintsAbout(busy, false).length, 1)
  assert.equal(complaintsAbout({ ...sound, lagP99Ms: 5.1 }, false).length, 1)
  assert.deepEqual(complaintsAbout({ ...sound, lagP99Ms: 5 }, false), [])
})

test('an answer that was not what was asked for makes the run invalid', () => {
  assert.match(complaintsAbout({ ...sound, failed: 1, complaint: 'answered 503' }, true).join(), /1 of 1001.*503/)
  assert.equal(complaintsAbout({ ...sound, operations: 0 }, true).length, 1)
})

test('a bar is judged by its figure; one whose contestants did not take part is left out', () => {
  const rates = new Map<string, number[]>([
    ['bare-fastify', [100, 100]],
    ['holdfast-warm', [61, 61]],
    ['two-statements', [100]],
    ['holdfast-sign-in', []],
  ])
  const bars = ratioBarsOf(rates, sessions.ratios)
  assert.deepEqual(
    bars.map(({ measured, met }) => [measured, met]),
    [
      [0.61, true],
      // Could not be measured: that is not met.
      [null, false],
    ],
  )
})
