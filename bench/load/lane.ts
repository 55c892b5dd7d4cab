/** One of those who ask at the same time: it asks, waits for the answer, and may then ask again. */
export interface Lane {
  /** `complaint` is null when the answer was what it should be. */
  go(done: (complaint: string | null) => void): void
}

/** What a loop brought; times in ms of the monotonic clock. */
export interface LoopReport {
  operations: number
  failed: number
  elapsedMs: number
  complaint: string | null
  lagP99Ms: number | null
  p99Ms: number | null
}
