/** What one measurement of one contestant brought. */
export interface Sample {
  operations: number
  /** Answered otherwise than was asked for, or not at all. One is enough: then it is not known what was measured. */
  failed: number
  elapsedMs: number
  /** Of the contestant's own processes; null where the kernel does not tell. */
  serverCpuMs: number | null
  /** Of the PostgreSQL and the Redis that all share, while nobody else was asking them. */
  storesCpuMs: number | null
  /** Null: it works in its own process and there was no generator. */
  generatorCpuMs: number | null
  /** How late the generator was by itself, open model only. */
  lagP99Ms: number | null
  /** From the intended start, open model only. */
  p99Ms: number | null
  /** One sentence about what went wrong first. */
  complaint: string | null
}

export const perSecond = (sample: Sample) => (sample.operations * 1000) / sample.elapsedMs

/** CPU beside throughput: two that are equally fast may differ in what they leave for the app. */
export function cpuUsOf({ operations, serverCpuMs, storesCpuMs }: Sample): number | null {
  if (serverCpuMs === null || storesCpuMs === null || operations === 0) return null
  return ((serverCpuMs + storesCpuMs) * 1000) / operations
}
