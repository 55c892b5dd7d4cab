import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeClass, probabilityOf, QUIET_MIN, type Usual, usualOf } from './detector.ts'

const DAY_MIN = 24 * 60

/** Mulberry32: the same days for everybody who runs this. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Knuth's; the rates here are small. */
function poisson(rate: number, chance: () => number): number {
  const limit = Math.exp(-rate)
  let [count, product] = [0, chance()]
  while (product > limit) {
    product *= chance()
    count += 1
  }
  return count
}

/** People leave in the evening, hardly anybody at night. */
const rateAt = (minute: number, peak: number) => {
  const hour = (minute % DAY_MIN) / 60
  return peak * (0.02 + 0.98 * Math.max(0, Math.sin(((hour - 6) / 24) * 2 * Math.PI)) ** 2)
}

/** What the watch reads from its table, of a plain array. */
function lookingAt(counts: readonly number[], minute: number) {
  const between = (from: number, to: number): Usual => {
    const start = Math.max(0, from)
    const slice = counts.slice(start, Math.max(start, to))
    return { counted: slice.reduce((sum, each) => sum + each, 0), minutes: slice.length }
  }
  const days = Array.from({ length: 7 }, (_, index) => {
    const middle = minute - (index + 1) * DAY_MIN
    return between(middle - 30, middle + 30)
  })
  const counted = (windowMin: number) => between(minute - windowMin + 1, minute + 1).counted
  const hours = Array.from({ length: 24 }, (_, index) => {
    const until = minute - 30 - index * 60
    return between(until - 60, Math.max(0, until))
  })
  return judgeClass(counted, usualOf(days, hours))
}

/** Minutes at which an alarm would begin. */
function alarmsIn(counts: readonly number[], from = 0): number[] {
  const alarms: number[] = []
  let quiet = 0
  let isOpen = false
  for (let minute = from; minute < counts.length; minute++) {
    const judged = lookingAt(counts, minute)
    if (!isOpen && judged.isUnusual) {
      alarms.push(minute)
      isOpen = true
      quiet = 0
    }
    quiet = judged.isOrdinary ? quiet + 1 : 0
    if (isOpen && quiet >= QUIET_MIN) isOpen = false
  }
  return alarms
}

for (const [name, peak] of [
  ['a small product: one sign-out in three hours at night', 0.25],
  ['a middling one', 3],
] as const) {
  test(`thirty ordinary days and quiet nights raise no alarm (${name})`, () => {
    for (const seed of [1, 2, 3]) {
      const chance = seeded(seed)
      const counts = Array.from({ length: 30 * DAY_MIN }, (_, minute) => poisson(rateAt(minute, peak), chance))
      assert.deepEqual(alarmsIn(counts), [], `seed ${seed}`)
    }
  })
}

test('a storm at three in the night is noticed within two minutes, and is one alarm', () => {
  const chance = seeded(7)
  const counts = Array.from({ length: 8 * DAY_MIN }, (_, minute) => poisson(rateAt(minute, 0.25), chance))
  const storm = 7 * DAY_MIN + 3 * 60
  for (let minute = storm; minute < storm + 20; minute++) counts[minute] = counts[minute]! + 6
  const alarms = alarmsIn(counts, 7 * DAY_MIN)
  assert.equal(alarms.length, 1)
  assert.ok(alarms[0]! - storm <= 1, `noticed after ${alarms[0]! - storm} minutes`)
})

test('a leak of one person a minute at night is noticed within a quarter of an hour', () => {
  const chance = seeded(9)
  const counts = Array.from({ length: 8 * DAY_MIN }, (_, minute) => poisson(rateAt(minute, 0.25), chance))
  const leak = 7 * DAY_MIN + 2 * 60
  for (let minute = leak; minute < leak + 60; minute++) counts[minute] = counts[minute]! + 1
  const [first] = alarmsIn(counts, leak)
  assert.ok(
    first !== undefined && first - leak <= 15,
    `noticed after ${first === undefined ? '∞' : first - leak} minutes`,
  )
})

test('yesterday’s incident does not make today’s look usual', () => {
  const usual = { counted: 3, minutes: 60 }
  const incident = { counted: 600, minutes: 60 }
  assert.equal(usualOf([incident, usual, usual, usual, usual], [])?.counted, 12)
})

test('a day that is twice as busy is no alarm, one that is five times as busy is, and what is not known is not judged', () => {
  const busy: Usual = { counted: 60_000, minutes: 360 }
  const at = (times: number) => judgeClass((windowMin) => Math.round(windowMin * (60_000 / 360) * times), busy)
  assert.deepEqual([at(2).isUnusual, at(5).isUnusual], [false, true])
  assert.equal(judgeClass(() => 1000, undefined).isUnusual, false)
  assert.equal(probabilityOf(0, 5, busy), 1)
})

test('six people in five minutes are enough in a night in which nobody was ever signed out; four are not', () => {
  const night: Usual = { counted: 0, minutes: 360 }
  const within5 = (people: number) => judgeClass((windowMin) => (windowMin >= 5 ? people : 1), night)
  assert.deepEqual([within5(4).isUnusual, within5(6).isUnusual], [false, true])
})
