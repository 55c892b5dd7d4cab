import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { monotonicMs } from '../frame/clock.ts'
import { evenArrivals, poissonArrivals } from './arrivals.ts'
import { generate, type Stream } from './generator.ts'
import { judgeGenerator } from './honesty.ts'
import { summarize } from './latency.ts'
import { openTarget } from './request.ts'

const never = new AbortController().signal

function streamOf(own: Partial<Stream> & Pick<Stream, 'act'>): Stream {
  return {
    name: 'check',
    arrivals: evenArrivals({ perSecond: 100, forMs: 1000 }),
    deadlineMs: 2000,
    subjectOf: (index) => index,
    ...own,
  }
}

test('a stall of the server is felt by everybody who came during it, as the closed form says', async () => {
  // A door that answers at once, but for 500 ms of every run, in which nobody is answered before its end.
  const stall = { fromMs: 200, untilMs: 700 }
  const startAtMs = monotonicMs() + 50
  const server = createServer(async (_request, reply) => {
    const atMs = monotonicMs() - startAtMs
    const leftMs = atMs >= stall.fromMs && atMs < stall.untilMs ? stall.untilMs - atMs : 0
    setTimeout(() => reply.end('{}'), leftMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  using target = openTarget(`http://127.0.0.1:${port}`, { connectionsMax: 200 })

  const report = await generate({
    startAtMs,
    inFlightMax: 200,
    signal: never,
    streams: [
      streamOf({
        act: async (_subject, signal) => {
          await target.send({ method: 'GET', path: '/', signal })
          return { outcome: 'valid' }
        },
      }),
    ],
  })
  server.close()

  // 99 arrivals, 10 ms apart; those from 200 to 690 ms wait until 700 ms: 500, 490, … 10 ms, and nobody else waits.
  assert.equal(report.observations.length, 99)
  const waits = report.observations
    .filter((one) => one.intendedMs - startAtMs >= 199.9 && one.intendedMs - startAtMs < 690.1)
    .map((one) => one.endedMs - one.intendedMs)
  assert.equal(waits.length, 50)
  // One-sided: a busy machine may make people wait longer, never shorter, than the stall itself.
  assert.ok(Math.max(...waits) >= 499, `the first of them waited ${Math.max(...waits)} ms`)
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
  assert.ok(mean >= 254, `on average ${mean} ms, where (500 + 10) / 2 = 255 were due`)
  const summary = summarize(report.observations.map((one) => one.endedMs - one.intendedMs))!
  assert.ok(
    summary.p90_ms >= 395,
    `p90 is ${summary.p90_ms} ms: 40 of 99 waited longer than 100 ms, 10 longer than 400`,
  )
})

test('arrivals do not wait for answers', async () => {
  let arrived = 0
  const all = Promise.withResolvers<void>()
  const { observations } = await generate({
    startAtMs: monotonicMs(),
    inFlightMax: 1000,
    signal: never,
    streams: [
      streamOf({
        arrivals: evenArrivals({ perSecond: 1000, forMs: 101 }),
        deadlineMs: 10_000,
        act: async () => {
          if (++arrived === 100) all.resolve()
          await all.promise
          return { outcome: 'valid' }
        },
      }),
    ],
  })
  // Nobody is answered before the hundredth has come: a generator that waits for answers would never get there.
  assert.equal(observations.filter((one) => one.outcome === 'valid').length, 100)
})

test('an answer that never comes is late at its deadline, counted from when it was due', async () => {
  const { observations } = await generate({
    startAtMs: monotonicMs(),
    inFlightMax: 1000,
    signal: never,
    streams: [
      streamOf({
        arrivals: evenArrivals({ perSecond: 100, forMs: 100 }),
        deadlineMs: 50,
        act: () => new Promise(() => {}),
      }),
    ],
  })
  assert.equal(observations.length, 9)
  assert.deepEqual([...new Set(observations.map((one) => one.outcome))], ['late'])
  assert.ok(observations.every((one) => Math.abs(one.endedMs - one.intendedMs - 50) < 0.001))
})

test('what does not fit in flight is recorded as not sent, with the latency of its deadline', async () => {
  const { observations, planned } = await generate({
    startAtMs: monotonicMs(),
    inFlightMax: 3,
    signal: never,
    streams: [
      streamOf({
        arrivals: evenArrivals({ perSecond: 1000, forMs: 11 }),
        deadlineMs: 1000,
        act: (_subject, signal) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve({ outcome: 'valid' }))),
      }),
    ],
  })
  assert.equal(planned, 10)
  const notSent = observations.filter((one) => one.outcome === 'not_sent')
  assert.equal(notSent.length, 7)
  assert.ok(notSent.every((one) => one.sentMs === null && Math.abs(one.endedMs - one.intendedMs - 1000) < 0.001))
})

test('a generator that was itself the bottleneck is told on', async () => {
  const honest = { planned: 2, cpuPercent: 5, shortestDeadlineMs: 2000, observations: [1, 2] as never[] }
  const lag = (ms: number) => summarize([ms, ms])
  assert.deepEqual(judgeGenerator({ ...honest, lag: lag(1) }).complaints, [])
  assert.equal(judgeGenerator({ ...honest, lag: lag(51) }).complaints.length, 1)
  assert.equal(judgeGenerator({ ...honest, lag: lag(501) }).complaints.length, 2)
  assert.equal(judgeGenerator({ ...honest, lag: lag(1), cpuPercent: 81 }).complaints.length, 1)
  assert.equal(judgeGenerator({ ...honest, lag: lag(1), planned: 3 }).complaints.length, 1)
  assert.equal(judgeGenerator({ ...honest, lag: null, planned: 0, observations: [] }).complaints.length, 2)

  const blocked = await generate({
    startAtMs: monotonicMs(),
    inFlightMax: 10,
    signal: never,
    streams: [
      streamOf({
        arrivals: evenArrivals({ perSecond: 100, forMs: 100 }),
        act: async (subject) => {
          const untilMs = monotonicMs() + 120
          while (subject === 0 && monotonicMs() < untilMs) {
            // The event loop of the generator is held, as by a long garbage collection.
          }
          return { outcome: 'valid' }
        },
      }),
    ],
  })
  assert.ok(blocked.lag!.p99_ms >= 100)
  assert.notDeepEqual(judgeGenerator(blocked).complaints, [])
})

test('the same seed makes the same arrivals, at the rate that was asked for', () => {
  const load = { perSecond: 200, forMs: 60_000, seed: 7 }
  const arrivals = poissonArrivals(load)
  assert.deepEqual(arrivals, poissonArrivals(load))
  assert.notDeepEqual(arrivals, poissonArrivals({ ...load, seed: 8 }))
  // 12 000 expected; six standard deviations are 657.
  assert.ok(Math.abs(arrivals.length - 12_000) < 657, `${arrivals.length} arrivals`)
  assert.deepEqual(arrivals, arrivals.toSorted())
  const gaps = arrivals.map((at, index) => at - (arrivals[index - 1] ?? 0))
  const longerThanMean = gaps.filter((gap) => gap > 5).length / gaps.length
  assert.ok(Math.abs(longerThanMean - Math.exp(-1)) < 0.03, `${longerThanMean} of the gaps, where 1/e was due`)
})

test('percentiles are those of what was recorded', () => {
  const summary = summarize(Array.from({ length: 1000 }, (_, index) => index + 1))!
  for (const [name, due] of [
    ['p50_ms', 500],
    ['p90_ms', 900],
    ['p99_ms', 990],
    ['p999_ms', 999],
    ['max_ms', 1000],
  ] as const) {
    assert.ok(Math.abs(summary[name] - due) / due < 0.002, `${name} is ${summary[name]}`)
  }
  assert.equal(summarize([]), null)
})
