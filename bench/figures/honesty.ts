import type { Sample } from './sample.ts'

/** A generator that needs this much of a core may itself be what is measured … */
const GENERATOR_PERCENT_MAX = 80
/** … unless what it asks is at its own end: one busy event loop, less what the kernel gives to others meanwhile. */
const SATURATED_PERCENT = 90
/** Timers come to the millisecond; five of them and the figure is about the generator. */
export const LAG_P99_MAX_MS = 5

/** Why a measurement says nothing, as sentences; empty when it is sound. */
export function complaintsAbout(sample: Sample, isClosed: boolean): string[] {
  const complaints: string[] = []
  if (sample.operations === 0) complaints.push('nothing was answered')
  if (sample.failed > 0)
    complaints.push(
      `${sample.failed} of ${sample.operations + sample.failed} failed (${sample.complaint ?? 'no reason'})`,
    )
  const generator = percentOfCore(sample.generatorCpuMs, sample.elapsedMs)
  const server = percentOfCore(addedUp(sample.serverCpuMs, sample.storesCpuMs), sample.elapsedMs)
  const isIdle = !isClosed || server === null || server < SATURATED_PERCENT
  if (generator !== null && generator >= GENERATOR_PERCENT_MAX && isIdle)
    complaints.push(`the generator was the bottleneck: it used ${generator} % of a core, the server ${server ?? '?'} %`)
  if (!isClosed && sample.lagP99Ms !== null && sample.lagP99Ms > LAG_P99_MAX_MS)
    complaints.push(
      `the generator was late itself: ${sample.lagP99Ms} ms at p99, where ${LAG_P99_MAX_MS} ms are allowed`,
    )
  return complaints
}

function percentOfCore(cpuMs: number | null, elapsedMs: number): number | null {
  return cpuMs === null || elapsedMs === 0 ? null : Math.round((100 * cpuMs) / elapsedMs)
}

function addedUp(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other
}
