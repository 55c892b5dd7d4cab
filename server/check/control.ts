import type { Clock } from '../platform/clock.ts'
import { degraded, type Finding, failing, ok } from './finding.ts'

const ASK_MS = 3000
/** What a provider is judged by: past it, every token looks as if it came from another time. */
const SKEW_MAX_MS = 5 * 60_000
/** docs/operating.md: clocks within a minute of each other. */
const SKEW_SMALL_MS = 60_000

/** What is asked beside a provider that seems down: without an answer from it nothing tells their fault from ours. */
export async function checkControls(urls: readonly string[], clock: Clock): Promise<Finding[]> {
  if (urls.length === 0) {
    const says = 'Nothing is asked beside a provider that seems down: its fault cannot be told from one of ours.'
    return [degraded('control', says, 'Set HOLDFAST_CONTROL_URLS to two addresses of others.')]
  }
  const seen = await Promise.all(urls.map((url) => ask(url, clock)))
  return seen.flat()
}

/**
 * Not through the guarded way out of providers: these addresses are settings of whoever types the command, nothing is read of the
 * answer but its status and its `Date`, no redirect is followed, and the deadline is its own.
 */
async function ask(url: string, clock: Clock): Promise<Finding[]> {
  const name = 'control'
  try {
    const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ASK_MS) })
    const date = Date.parse(answer.headers.get('date') ?? '')
    return [ok(name, `${new URL(url).host} answers.`), ...skew(date - clock.now().getTime(), url)]
  } catch (error) {
    // Refused, hung or no TLS: any of them leaves a provider's fault looking like ours.
    const advice = 'See to the way out of this machine, or name another address in HOLDFAST_CONTROL_URLS.'
    return [failing(name, `${new URL(url).host} ${whyNot(error)}.`, advice)]
  }
}

function whyNot(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown } }
  if (name === 'TimeoutError') return `does not answer within ${ASK_MS / 1000} s`
  return `cannot be reached (${String(cause?.code ?? name)})`
}

/** Nothing where it says no time. */
function skew(aheadMs: number, url: string): Finding[] {
  if (!Number.isFinite(aheadMs) || Math.abs(aheadMs) <= SKEW_SMALL_MS) return []
  const says = `The clock of ${new URL(url).host} and this one are ${Math.round(Math.abs(aheadMs) / 1000)} s apart.`
  return [Math.abs(aheadMs) > SKEW_MAX_MS ? failing('time', says, 'Run NTP.') : degraded('time', says, 'Run NTP.')]
}
