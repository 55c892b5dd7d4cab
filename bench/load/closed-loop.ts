import { monotonicMs } from '../../drills/frame/clock.ts'
import type { Lane, LoopReport } from './lane.ts'

export interface ClosedLoop {
  lanes: readonly Lane[]
  /** Not counted: until then code is compiled, connections are made and caches filled. */
  warmMs: number
  forMs: number
  /** Fewer when this many were counted first. */
  operationsMax: number
  onCounting(): void
}

/**
 * Everybody asks again as soon as they are answered. It finds the ceiling, and only that: its latencies hide every stall,
 * because nobody comes while the server stands still (reference/assurance.md §4.1).
 */
export function askClosed({ lanes, warmMs, forMs, operationsMax, onCounting }: ClosedLoop): Promise<LoopReport> {
  const { promise, resolve } = Promise.withResolvers<LoopReport>()
  let [operations, failed, underWay] = [0, 0, lanes.length]
  let complaint: string | null = null
  let [isCounting, isOver] = [false, false]
  let [beganMs, endedMs] = [0, 0]

  const end = () => {
    if (isOver) return
    isOver = true
    endedMs = monotonicMs()
    clearTimeout(timer)
  }
  const count = (said: string | null) => {
    if (said === null) operations++
    else failed++
    complaint ??= said
    if (operations + failed >= operationsMax) end()
  }
  const go = (lane: Lane) => {
    lane.go((said) => {
      if (isCounting && !isOver) count(said)
      if (!isOver) return go(lane)
      if (--underWay > 0) return
      resolve({ operations, failed, elapsedMs: endedMs - beganMs, complaint, lagP99Ms: null, p99Ms: null })
    })
  }
  let timer = setTimeout(() => {
    isCounting = true
    onCounting()
    beganMs = monotonicMs()
    timer = setTimeout(end, forMs)
  }, warmMs)
  for (const lane of lanes) go(lane)
  return promise
}
