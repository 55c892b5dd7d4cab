import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EvidenceKind } from '../evidence.ts'
import {
  APART_MS,
  cutOffOf,
  type Judged,
  judge,
  type Look,
  RECOVER_MAX_MS,
  RECOVER_MS,
  type VerdictRow,
  WINDOW_MS,
} from './judge.ts'
import { PROBE_MS } from './probe.ts'
import { pauseMs } from './rhythm.ts'
import type { Evidence } from './rounds.ts'
import { FRESH_MS } from './watch-providers.ts'

const START_MS = Date.parse('2026-11-22T10:00:00Z')
const PROBES = ['discovery', 'keys', 'authorization', 'token'] as const
const at = (ms: number) => new Date(START_MS + ms)

type Said = 'good' | 'fault' | 'limited'
interface Told {
  process?: string
  atMs: number
  says?: Partial<Record<EvidenceKind, Said>>
  control?: boolean | null
}

let ids = 0
/** A round in which everything is good but for what is said. */
function round({ process = 'a', atMs, says = {}, control = null }: Told): Evidence[] {
  const name = `round ${++ids}`
  return PROBES.map((kind) => rowOf({ process, atMs, round: name, kind, said: says[kind] ?? 'good', control }))
}
const exchange = ({ process = 'a', atMs, said }: { process?: string; atMs: number; said: Said }) => [
  rowOf({ process, atMs, round: null, kind: 'exchange', said, control: null }),
]
function rowOf(of: {
  process: string
  atMs: number
  round: string | null
  kind: EvidenceKind
  said: Said
  control: boolean | null
}): Evidence {
  const { process, atMs, kind, said, control } = of
  return {
    id: ++ids,
    process_id: process,
    seen_at: at(atMs),
    round: of.round,
    kind,
    outcome: said,
    fault: said === 'good' ? null : said === 'limited' ? 'limited' : 'timeout',
    is_control_good: control,
  }
}

const allDown = { discovery: 'fault', keys: 'fault', authorization: 'fault', token: 'fault' } as const
const broken = (atMs: number, more: Partial<Told> = {}) => round({ atMs, says: allDown, control: true, ...more })

/** The row after what was judged, as `decide` writes it. */
function rowAfter(judged: Judged, before?: VerdictRow): VerdictRow {
  const order = { ordered: null, ordered_reason: null, ordered_by: null, ordered_at: null, ordered_until: null }
  const epoch = (before?.epoch ?? 0) + 1
  return { ...judged, ...order, provider_id: 'prv_1', epoch, decided_at: judged.since, decided_by: 'holdfast' }
}

function judged(nowMs: number, evidence: readonly Evidence[][], more: Partial<Look> = {}): Judged {
  return judge({ before: undefined, evidence: evidence.flat(), live: ['a'], others: [], now: at(nowMs), ...more })
}
const stateOf = (...given: Parameters<typeof judged>) => judged(...given).state
const isDown = (...given: Parameters<typeof judged>) => judged(...given).open_since !== null

test('two endpoints that fail in two looks five seconds apart are down, while a control target answers', () => {
  const looks = [broken(0), broken(APART_MS)]
  assert.equal(stateOf(6000, looks), 'down')
  assert.deepEqual(judged(6000, looks).open_since, at(6000))
  assert.equal(stateOf(1000, [broken(0)]), 'suspect')
  assert.equal(stateOf(6000, [broken(0), broken(APART_MS - 1)]), 'suspect')
  const one = (atMs: number) => round({ atMs, says: { keys: 'fault' }, control: true })
  assert.equal(stateOf(16_000, [one(0), one(5000), one(10_000), one(15_000)]), 'suspect')
  assert.equal(
    judged(6000, looks).why.sentence,
    'Authorization (timeout), discovery (timeout), keys (timeout) and token (timeout) failed in several looks, seen by 1 of 1 process, while other addresses answered.',
  )
})

test('a provider that failed in its last look but one and answers now is not called down', () => {
  assert.equal(stateOf(11_000, [broken(0), broken(5000), round({ atMs: 10_000 })]), 'suspect')
})

test('while the control target fails, is not asked, or all providers fail together, nothing is down but our own network is named', () => {
  for (const control of [false, null]) {
    const said = judged(6000, [broken(0, { control }), broken(5000, { control })])
    assert.equal(said.state, 'unknown')
    assert.equal(said.open_since, null)
    assert.match(said.why.sentence, /no control target answered.*our own network/)
  }
  const looks = [broken(0), broken(5000)]
  const other = { provider_id: 'prv_2', open_since: null, good_at: null, fault_at: at(1000) }
  const together = judged(6000, looks, { others: [other] })
  assert.equal(together.state, 'unknown')
  assert.match(together.why.sentence, /all 2 providers at once: our own network/)
  // One that answers since then, in part or whole, says that our network is well; one that was last seen before says nothing.
  assert.equal(stateOf(6000, looks, { others: [{ ...other, good_at: at(2000) }] }), 'down')
  assert.equal(stateOf(6000, looks, { others: [{ ...other, fault_at: null, good_at: at(-5000) }] }), 'suspect')
  // What nobody has looked at for long, and what was down long before, is no company.
  assert.equal(stateOf(6000, looks, { others: [{ ...other, fault_at: null }] }), 'down')
  assert.equal(stateOf(6000, looks, { others: [{ ...other, open_since: at(-600_000) }] }), 'down')
})

test('one endpoint that fails is down when real sign-ins fail as well, and sign-ins that fail are nothing without it', () => {
  const tokenFails = (atMs: number) => round({ atMs, says: { token: 'fault' }, control: true })
  const looks = [tokenFails(0), tokenFails(5000)]
  const signIns = [exchange({ atMs: -2000, said: 'fault' }), exchange({ atMs: 4000, said: 'fault' })]
  assert.equal(stateOf(6000, [...looks, ...signIns]), 'down')
  assert.equal(stateOf(6000, [...looks, signIns[0]!]), 'suspect')
  assert.equal(stateOf(6000, [...looks, ...signIns, exchange({ atMs: 4500, said: 'good' })]), 'suspect')
  assert.equal(stateOf(6000, [round({ atMs: 0 }), round({ atMs: 5000 }), ...signIns]), 'suspect')
  // It answered in between: it fails now and then, and does not stay away.
  assert.equal(stateOf(9000, [tokenFails(0), round({ atMs: 4000 }), tokenFails(8000), ...signIns]), 'suspect')
})

test('of several processes more than half have to have seen it', () => {
  const live = ['a', 'b', 'c']
  const alone = [broken(0), broken(5000), broken(10_000)]
  assert.equal(stateOf(11_000, alone, { live }), 'suspect')
  assert.equal(stateOf(11_000, [...alone, broken(10_000, { process: 'b' })], { live }), 'down')
  assert.equal(stateOf(11_000, [...alone, broken(10_000, { process: 'b' })], { live: [...live, 'd'] }), 'suspect')
  // One that is gone counts neither way.
  assert.equal(stateOf(11_000, alone, { live: ['a'] }), 'down')
  assert.equal(stateOf(11_000, [broken(0, { process: 'gone' }), broken(5000, { process: 'gone' })]), 'healthy')
})

test('what a provider limits makes it suspect and no more', () => {
  const limited = (atMs: number) =>
    round({ atMs, says: { discovery: 'limited', keys: 'limited', authorization: 'limited', token: 'limited' } })
  const said = judged(21_000, [limited(0), limited(5000), limited(10_000), limited(20_000)])
  assert.equal(said.state, 'suspect')
  assert.match(said.why.sentence, /429/)
})

test('a suspicion says what is odd now', () => {
  const before = rowAfter(judged(1000, [round({ atMs: 0, says: { keys: 'fault' } })]))
  assert.match(before.why.sentence, /^Keys \(timeout\) failed/)
  const now = judged(
    11_000,
    [round({ atMs: 0, says: { keys: 'fault' } }), round({ atMs: 10_000, says: { token: 'fault' } })],
    { before },
  )
  assert.match(now.why.sentence, /^Keys \(timeout\) and token \(timeout\) failed/)
  assert.equal(now.since, before.since)
})

test('a suspicion ends when nothing was odd for half a minute, and doubt about our network when something answers', () => {
  const before = rowAfter(judged(1000, [broken(0)]))
  assert.equal(before.state, 'suspect')
  assert.equal(stateOf(11_000, [broken(0), round({ atMs: 10_000 })], { before }), 'suspect')
  assert.equal(stateOf(31_000, [broken(0), round({ atMs: 10_000 })], { before }), 'healthy')
  const own = [broken(0, { control: false }), broken(5000, { control: false })]
  const doubtful = rowAfter(judged(6000, own))
  assert.equal(stateOf(40_000, [...own, broken(39_000, { control: false })], { before: doubtful }), 'unknown')
  assert.equal(stateOf(11_000, [...own, round({ atMs: 10_000 })], { before: doubtful }), 'suspect')
  // Nothing was looked at: nothing is known that was not known before.
  assert.equal(stateOf(500_000, own, { before: doubtful }), 'unknown')
})

test('people are sent back only after a minute in which everything answered, and after longer when it fell again soon', () => {
  const down = rowAfter(judged(6000, [broken(0), broken(5000)]))
  const goodUntil = (untilMs: number) =>
    Array.from({ length: Math.floor((untilMs - 10_000) / 10_000) + 1 }, (_, index) =>
      round({ atMs: 10_000 + index * 10_000 }),
    )
  const back = judged(11_000, [broken(0), broken(5000), ...goodUntil(10_000)], { before: down })
  assert.deepEqual([back.state, back.open_since], ['recovering', down.open_since])
  const recovering = rowAfter(back, down)
  const almost = judged(70_900, goodUntil(70_000), { before: recovering })
  assert.deepEqual([almost.state, almost.open_since], ['recovering', down.open_since])
  const closed = judged(11_000 + RECOVER_MS, goodUntil(70_000), { before: recovering })
  assert.deepEqual([closed.state, closed.open_since, closed.closed_at], ['healthy', null, at(71_000)])
  // A minute that nobody has looked at does not count.
  const blind = judged(200_000, [round({ atMs: 199_000 })], { before: recovering })
  assert.deepEqual([blind.state, blind.since], ['recovering', at(200_000)])
  // A fault throws it back, and people have noticed nothing.
  const again = judged(40_000, [...goodUntil(30_000), broken(39_000)], { before: recovering })
  assert.deepEqual([again.state, again.open_since], ['down', down.open_since])

  let before = rowAfter(closed, recovering)
  const lasts: number[] = []
  for (let fall = 1; fall <= 5; fall++) {
    const fallMs = before.closed_at!.getTime() - START_MS + 60_000
    const fallen = judged(fallMs + 6000, [broken(fallMs), broken(fallMs + 5000)], { before })
    assert.equal(fallen.state, 'down')
    lasts.push(fallen.recover_ms)
    before = { ...rowAfter(fallen, before), open_since: null, state: 'healthy', closed_at: at(fallMs + 10_000) }
  }
  assert.deepEqual(lasts, [120_000, 240_000, RECOVER_MAX_MS, RECOVER_MAX_MS, RECOVER_MAX_MS])
  const laterMs = before.closed_at!.getTime() - START_MS + 600_000
  assert.equal(judged(laterMs + 6000, [broken(laterMs), broken(laterMs + 5000)], { before }).recover_ms, RECOVER_MS)
})

test('while people are sent another way, doubt about our own network and failing sign-ins send nobody back or away', () => {
  const down = rowAfter(judged(6000, [broken(0), broken(5000)]))
  const own = [broken(35_000, { control: false }), broken(40_000, { control: false })]
  const doubtful = judged(41_000, own, { before: down })
  assert.deepEqual([doubtful.state, doubtful.open_since], ['unknown', down.open_since])
  const recovering = rowAfter({ ...doubtful, state: 'recovering', since: at(0) }, down)
  const good = [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000].map((atMs) => round({ atMs }))
  const provoked = [exchange({ atMs: 50_000, said: 'fault' }), exchange({ atMs: 60_000, said: 'fault' })]
  assert.equal(stateOf(61_000, [...good, ...provoked], { before: recovering }), 'healthy')
})

/** Access processes that look at a provider in their rhythm, second by second in the same code; switches are what people notice. */
function simulate(of: {
  processes: number
  untilMs: number
  says(atMs: number, process: number): Partial<Record<EvidenceKind, Said>>
  control(process: number): boolean
  chance(): number
  /** Somebody clicks all the time: whatever is five seconds old is looked at anew. */
  hasTraffic?: boolean
  /** How long a look that fails takes. */
  failsAfterMs?: number
}) {
  const names = Array.from({ length: of.processes }, (_, index) => `p${index}`)
  const due = names.map(() => of.chance() * 10_000)
  const newsMs = names.map(() => Number.NEGATIVE_INFINITY)
  let evidence: Evidence[] = []
  let row: VerdictRow | undefined
  const switches: { atMs: number; isOpen: boolean }[] = []
  for (let steps = 0; steps < 20_000; steps++) {
    const process = due.indexOf(Math.min(...due))
    const atMs = due[process]!
    if (atMs > of.untilMs) break
    const says = of.says(atMs, process)
    const failed = Object.values(says).some((said) => said === 'fault')
    const control = failed || (row && row.state !== 'healthy') ? of.control(process) : null
    evidence = [...evidence, ...round({ process: names[process]!, atMs, says, control })].filter(
      ({ seen_at: seenAt }) => seenAt.getTime() > START_MS + atMs - WINDOW_MS,
    )
    const doneMs = atMs + (failed ? (of.failsAfterMs ?? 50) : 50)
    const next = judge({ before: row, evidence, live: names, others: [], now: at(doneMs) })
    const wasOpen = row?.open_since != null
    if (!row || next.state !== row.state || next.since.getTime() !== row.since.getTime()) row = rowAfter(next, row)
    if ((row.open_since !== null) !== wasOpen) switches.push({ atMs: doneMs, isOpen: !wasOpen })
    if (failed) newsMs[process] = atMs
    const isHurried = Math.max(...newsMs) > atMs - 10_000
    const pause = pauseMs({ state: row.state, live: names.length, isHurried: failed || isHurried }, of.chance())
    due[process] = atMs + (of.hasTraffic ? Math.min(pause, FRESH_MS + 50) : pause)
  }
  return { row: row!, switches }
}

/** The same for everybody who runs this. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** For ten minutes it is up and down, and then up. */
function flap(of: { seed: number; processes: number; upMs: number; downMs: number }) {
  const isUp = (atMs: number) => atMs > 600_000 || atMs % (of.upMs + of.downMs) < of.upMs
  const { row, switches } = simulate({
    processes: of.processes,
    untilMs: 1_300_000,
    says: (atMs) => (isUp(atMs) ? {} : allDown),
    control: () => true,
    chance: seeded(of.seed),
  })
  assert.deepEqual([row.state, row.open_since], ['healthy', null])
  return switches.length
}

test('a provider that is up for five seconds and down for five for ten minutes causes two switches at most', () => {
  const some = { seed: fc.integer(), processes: fc.integer({ min: 1, max: 6 }) }
  fc.assert(
    fc.property(fc.record(some), (of) => assert.ok(flap({ ...of, upMs: 5000, downMs: 5000 }) <= 2)),
    { numRuns: 50 },
  )
})

test('in whatever rhythm a provider flickers for ten minutes, waits that double allow six switches at most', () => {
  const lasts = fc.integer({ min: 2000, max: 90_000 })
  const some = { seed: fc.integer(), processes: fc.integer({ min: 1, max: 4 }), upMs: lasts, downMs: lasts }
  fc.assert(
    fc.property(fc.record(some), (of) => assert.ok(flap(of) <= 6)),
    { numRuns: 50 },
  )
})

test('a provider that is away is down within half a minute, and people are sent back within two minutes of its return', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, processes) => {
      const { row, switches } = simulate({
        processes,
        untilMs: 400_000,
        says: (atMs) => (atMs > 60_000 && atMs < 200_000 ? allDown : {}),
        control: () => true,
        chance: seeded(seed),
      })
      assert.equal(switches.length, 2)
      assert.ok(switches[0]!.atMs <= 90_000, `down after ${switches[0]!.atMs - 60_000} ms`)
      assert.ok(switches[1]!.atMs >= 200_000 + RECOVER_MS - 10_000)
      assert.ok(switches[1]!.atMs <= 320_000, `back after ${switches[1]!.atMs - 200_000} ms`)
      assert.equal(row.state, 'healthy')
    }),
    { numRuns: 60 },
  )
})

test('under traffic a provider that hangs is down within fifteen seconds', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 60_000, max: 70_000 }),
      (seed, processes, fellMs) => {
        const { switches } = simulate({
          processes,
          untilMs: 120_000,
          says: (atMs) => (atMs > fellMs ? allDown : {}),
          control: () => true,
          chance: seeded(seed),
          hasTraffic: true,
          failsAfterMs: PROBE_MS + 200,
        })
        assert.ok(switches[0]!.atMs - fellMs <= 15_000, `down after ${switches[0]!.atMs - fellMs} ms`)
      },
    ),
    { numRuns: 100 },
  )
})

test('one process of three or more that sees nothing but faults opens nothing, whatever it says of the control target', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 3, max: 8 }), fc.boolean(), (seed, processes, control) => {
      const { switches } = simulate({
        processes,
        untilMs: 300_000,
        says: (_, process) => (process === 0 ? allDown : {}),
        control: (process) => process !== 0 || control,
        chance: seeded(seed),
      })
      assert.deepEqual(switches, [])
    }),
    { numRuns: 40 },
  )
})

test('processes whose own way out is broken neither hide an outage nor hold the other way open when it is over', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc
        .integer({ min: 2, max: 9 })
        .chain((processes) => fc.tuple(fc.constant(processes), fc.integer({ min: 1, max: Math.floor(processes / 2) }))),
      (seed, [processes, cutOff]) => {
        const { row, switches } = simulate({
          processes,
          untilMs: 400_000,
          says: (atMs, process) => (process < cutOff || (atMs > 60_000 && atMs < 200_000) ? allDown : {}),
          control: (process) => process >= cutOff,
          chance: seeded(seed),
        })
        assert.equal(switches.length, 2, JSON.stringify(switches))
        assert.ok(switches[0]!.atMs <= 90_000, `down after ${switches[0]!.atMs - 60_000} ms`)
        assert.ok(switches[1]!.atMs >= 200_000 + RECOVER_MS - 10_000 && switches[1]!.atMs <= 330_000)
        assert.equal(row.state, 'healthy')
      },
    ),
    { numRuns: 60 },
  )
})

test('with most processes cut off nothing opens, and what is open is closed by those that are not', () => {
  const live = ['a', 'b', 'c']
  const blind = (atMs: number) => ['b', 'c'].map((process) => broken(atMs, { process, control: false }))
  const all = [broken(0), broken(5000), ...blind(0), ...blind(5000)]
  assert.deepEqual([stateOf(6000, all, { live }), isDown(6000, all, { live })], ['unknown', false])
  const before = { ...rowAfter(judged(6000, [broken(0), broken(5000)])), state: 'unknown' as const }
  const again = [...all, round({ atMs: 11_000, control: true }), ...blind(11_000)]
  const back = judged(12_000, again, { live, before })
  assert.deepEqual([back.state, back.open_since], ['recovering', before.open_since])
  const good = [21, 31, 41, 51, 61, 71].map((s) => [
    ...round({ atMs: s * 1000, control: true }),
    ...blind(s * 1000).flat(),
  ])
  const closed = judged(72_001, [...again, ...good], { live, before: rowAfter(back, before) })
  assert.deepEqual([closed.state, closed.open_since], ['healthy', null])
})

const someRound = fc.record({
  process: fc.constantFrom('a', 'b', 'c'),
  atMs: fc.integer({ min: 0, max: 60_000 }),
  says: fc.oneof(
    fc.constant(allDown),
    fc.record(
      Object.fromEntries(PROBES.map((kind) => [kind, fc.constantFrom('good', 'fault', 'limited')])) as Record<
        (typeof PROBES)[number],
        fc.Arbitrary<Said>
      >,
    ),
  ),
  control: fc.constantFrom(true, true, false, null),
})
const someExchange = fc.record({
  process: fc.constantFrom('a', 'b', 'c'),
  atMs: fc.integer({ min: 0, max: 60_000 }),
  said: fc.constantFrom<Said>('good', 'fault', 'limited'),
})
const someLive = fc.subarray(['a', 'b', 'c'], { minLength: 1 })

test('whatever is seen, nothing is opened without two kinds, two looks apart, more than half, and a control that answers', () => {
  let opened = 0
  fc.assert(
    fc.property(
      fc.array(someRound, { maxLength: 12 }),
      fc.array(someExchange, { maxLength: 6 }),
      someLive,
      (rounds, exchanges, live) => {
        const evidence = [...rounds.map(round), ...exchanges.map(exchange)]
        if (!isDown(60_001, evidence, { live })) return
        opened += 1
        const cutOff = cutOffOf({ before: undefined, evidence: evidence.flat(), live, others: [], now: at(60_001) })
        // With most of them cut off, all count.
        const there = cutOff.size * 2 > live.length ? live : live.filter((process) => !cutOff.has(process))
        const known = evidence.flat().filter(({ process_id: process }) => there.includes(process))
        const faults = known.filter(({ outcome }) => outcome === 'fault')
        const vouched = faults.filter(({ is_control_good: control }) => control === true)
        const times = vouched.map(({ seen_at: seenAt }) => seenAt.getTime())
        assert.ok(new Set(faults.map(({ kind }) => kind)).size >= 2)
        assert.ok(Math.max(...times) - Math.min(...times) >= APART_MS)
        assert.ok(new Set(vouched.map((row) => row.process_id)).size > there.length / 2)
      },
    ),
    { numRuns: 5000 },
  )
  assert.ok(opened > 100, `only ${opened} of them opened anything`)
})

test('no number of refusals, limits, failed sign-ins or faults beside a dead control opens anything', () => {
  const harmless = fc.oneof(
    someRound.map((of) => {
      const says = Object.fromEntries(
        Object.entries(of.says).map(([kind, said]) => [kind, said === 'fault' ? 'limited' : said]),
      )
      return round({ ...of, says })
    }),
    someRound.map((of) => round({ ...of, control: of.control === true ? false : of.control })),
    someExchange.map(exchange),
  )
  fc.assert(
    fc.property(fc.array(harmless, { maxLength: 30 }), someLive, (evidence, live) => {
      assert.equal(isDown(60_001, evidence, { live }), false)
    }),
    { numRuns: 2000 },
  )
})

test('whatever was held, it is closed after enough time in which everything answers', () => {
  const states = fc.constantFrom('down', 'recovering', 'unknown')
  fc.assert(
    fc.property(
      states,
      fc.array(someRound, { maxLength: 12 }),
      fc.constantFrom(60_000, 120_000, 480_000),
      fc.integer(),
      (state, rounds, recoverMs, seed) => {
        const first = rowAfter(judged(0, []))
        let row: VerdictRow = { ...first, state: state as 'down', open_since: at(-1000), recover_ms: recoverMs }
        let evidence = rounds.flatMap(round)
        const chance = seeded(seed)
        let nowMs = 61_000
        for (; nowMs < 61_000 + recoverMs + 120_000; nowMs += 5000 + chance() * 25_000) {
          evidence = [...evidence, ...round({ atMs: nowMs })]
          const next = judge({ before: row, evidence, live: ['a'], others: [], now: at(nowMs + 50) })
          if (next.state !== row.state || next.since.getTime() !== row.since.getTime()) row = rowAfter(next, row)
        }
        assert.deepEqual([row.state, row.open_since], ['healthy', null])
      },
    ),
    { numRuns: 300 },
  )
})
