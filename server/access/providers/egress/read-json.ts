import type { Answered } from './egress.ts'
import { EgressFault } from './fault.ts'

/** Five minutes: with that much difference no token of theirs can be judged. */
export const CLOCK_SKEW_MAX_MS = 5 * 60_000

/** Refuses every answer that is none: 429 is `limited`, and another 4xx is a fault of the settings rather than of the provider. */
export function judgeAnswer({ status, headers, body }: Answered): void {
  if (status === 429) throw new EgressFault('limited', 'it answered 429: too many requests')
  if (status >= 500) throw new EgressFault('status-5xx', `it answered ${status}`)
  if (status >= 400) throw new EgressFault('status-4xx', `it answered ${status}`)
  if (status >= 300) throw new EgressFault('redirect', `it answered ${status}, and redirects are not followed`)
  const type = headers['content-type'] ?? ''
  if (/\bhtml\b/i.test(type) || /^\s*</.test(body.subarray(0, 64).toString('latin1'))) {
    throw new EgressFault('html', 'it answered with a page where JSON was asked for')
  }
}

/** After what it said was taken: a clock that is off makes no key a wrong one, and no token a good one. */
export function judgeClock({ dateAheadMs }: Answered): void {
  if (dateAheadMs === null || Math.abs(dateAheadMs) <= CLOCK_SKEW_MAX_MS) return
  throw new EgressFault('clock-skew', `its clock is ${Math.round(dateAheadMs / 1000)} s away from ours`)
}

/** A JSON object, or a fault. */
export function readJson(answered: Answered): Record<string, unknown> {
  judgeAnswer(answered)
  try {
    const value = JSON.parse(answered.body.toString('utf8')) as unknown
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    throw new EgressFault('malformed', 'it answered with something that is not JSON', { cause: error })
  }
  throw new EgressFault('malformed', 'it answered with JSON that is no object')
}
