import { monotonicMs } from '../../drills/frame/clock.ts'
import { summarize } from '../../drills/load/latency.ts'
import type { Lane, LoopReport } from './lane.ts'

export interface OpenLoop {
  lanes: readonly Lane[]
  /** When people come, in ms from the start, fixed before it. */
  arrivals: Float64Array
  /** Those who come earlier than this are asked for and not counted. */
  warmMs: number
  onCounting(): void
}

/** The kernel's timers come to a millisecond; asking more often would only burn the core that the server needs. */
const LOOK_EVERY_MS = 1

/**
 * People come when the schedule says, whatever became of those before. Who finds no lane free waits for one, and that wait
 * is theirs: latency counts from the moment they came, not from when the generator got round to them.
 */
export function askOpen({ lanes, arrivals, warmMs, onCounting }: OpenLoop): Promise<LoopReport> {
  const { promise, resolve } = Promise.withResolvers<LoopReport>()
  const free = [...lanes]
  const [latencies, lags]: [number[], number[]] = [[], []]
  const startMs = monotonicMs() + LOOK_EVERY_MS
  let [due, sent, answered, failed] = [0, 0, 0, 0]
  let complaint: string | null = null
  let isCounting = false

  const send = (lane: Lane) => {
    const atMs = arrivals[sent++]!
    lane.go((said) => {
      const latencyMs = monotonicMs() - startMs - atMs
      if (atMs >= warmMs) latencies.push(latencyMs)
      if (said !== null) failed++
      complaint ??= said
      answered++
      if (sent < due) send(lane)
      else free.push(lane)
    })
  }
  const look = () => {
    const nowMs = monotonicMs() - startMs
    if (!isCounting && nowMs >= warmMs) {
      isCounting = true
      onCounting()
    }
    for (; due < arrivals.length && arrivals[due]! <= nowMs; due++) {
      if (arrivals[due]! >= warmMs) lags.push(nowMs - arrivals[due]!)
    }
    while (sent < due && free.length > 0) send(free.pop()!)
    if (answered < arrivals.length) return void setTimeout(look, LOOK_EVERY_MS)
    const elapsedMs = monotonicMs() - startMs - warmMs
    const operations = latencies.length
    resolve({
      ...{ operations, failed, elapsedMs, complaint },
      lagP99Ms: summarize(lags)?.p99_ms ?? null,
      p99Ms: summarize(latencies)?.p99_ms ?? null,
    })
  }
  look()
  return promise
}
