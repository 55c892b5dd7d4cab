import { isIP } from 'node:net'
import { CLOCK_SKEW_MAX_MS, EgressFault } from '../egress/index.ts'
import type { ProbeParts } from './probe.ts'

/** Shorter than a look: it is asked after one has failed. */
export const CONTROL_MS = 2_000
/** Many providers that fail at once ask it once. */
export const CONTROL_KNOWN_MS = 2_000

export interface Control {
  /**
   * Whether anything else in the world answers, by the same resolver, way out and clock; false also when our own clock is
   * wrong, and when there is nothing to be asked. `hosts`: the provider's own, which do not count.
   */
  isGood(hosts: ReadonlySet<string>): Promise<boolean>
}

/** Asked only while something seems wrong. Any answer is good, whatever its status: it came through. */
export function openControl(parts: ProbeParts & { urls: readonly string[] }): Control {
  const known = new Map<string, { atMs: number; answer: Promise<boolean> }>()
  const askOnce = (url: string): Promise<boolean> => {
    const nowMs = parts.monotonicMs()
    const last = known.get(url)
    if (last && nowMs - last.atMs < CONTROL_KNOWN_MS) return last.answer
    const answer = askControl(parts, url)
    known.set(url, { atMs: nowMs, answer })
    return answer
  }
  return {
    async isGood(hosts) {
      const isNamed = [...hosts].some((host) => hasName(new URL(`https://${host}`)))
      const urls = parts.urls.filter((url) => !hosts.has(new URL(url).host) && (!isNamed || hasName(new URL(url))))
      return anyOf(urls.map(askOnce))
    },
  }
}

/** A bare address answers although no name can be resolved: it says nothing of a provider that has one. */
function hasName({ hostname }: URL): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && hostname !== 'localhost'
}

async function askControl(parts: ProbeParts, url: string): Promise<boolean> {
  try {
    const { dateAheadMs } = await parts.ask({ url, deadlineMs: CONTROL_MS })
    const databaseAheadMs = parts.databaseAheadMs()
    if (dateAheadMs === null || databaseAheadMs === null) return true
    return Math.abs(dateAheadMs - databaseAheadMs) <= CLOCK_SKEW_MAX_MS
  } catch (error) {
    if (!(error instanceof EgressFault)) throw error
    return false
  }
}

/** As soon as one is. */
async function anyOf(answers: readonly Promise<boolean>[]): Promise<boolean> {
  const good = answers.map(async (answer) => {
    if (!(await answer)) throw new Error('it does not answer')
  })
  return Promise.any(good).then(
    () => true,
    () => false,
  )
}
