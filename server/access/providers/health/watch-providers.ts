import type { Clock } from '../../../platform/clock.ts'
import type { Logger } from '../../../platform/log.ts'
import type { EvidenceSeen } from '../evidence.ts'
import type { Preflight } from '../open-providers.ts'
import type { ProviderState } from '../verdict.ts'
import { openGlance } from './glance.ts'
import type { Target } from './probe.ts'
import { pauseMs, ROUND_AGAIN_MS } from './rhythm.ts'
import { lookAround, type RoundParts } from './round.ts'
import { beginWatching, chance, hasten, hastenSiblings, type Watched } from './watched.ts'

/** Nobody is sent to a provider of which nothing newer is known. */
export const FRESH_MS = 5_000
/** So long somebody who clicked waits for a look. */
export const PREFLIGHT_MS = 1_500
/** At once: each has four questions, each a socket. With our own resolver dead 200 providers take eight seconds so. */
const ROUNDS_MAX = 64

export interface WatchParts extends RoundParts {
  clock: Clock
  log: Logger
  targets(): readonly Target[]
  stateOf(providerId: string): ProviderState | undefined
  /** How many processes watch. */
  live(): number
  /** What a look saw; it began at that time. */
  keep(rows: readonly EvidenceSeen[], beganMs: number): Promise<void>
}

/** Looks at every enabled provider in its rhythm, and at once when somebody is about to be sent there. */
export function openWatch(parts: WatchParts) {
  const nowMs = () => parts.clock.monotonicMs()
  const watched = new Map<string, Watched>()
  const closing = new AbortController()
  const all = () => [...watched.values()]
  const settled = async () => void (await Promise.all(all().map((one) => one.round)))
  const begin = (one: Watched) => beginRound(parts, one, { all, signal: closing.signal })

  function follow(): void {
    const targets = new Map(parts.targets().map((target) => [target.id, target]))
    for (const id of watched.keys()) if (!targets.has(id)) watched.delete(id)
    for (const [id, target] of targets) {
      const known = watched.get(id)
      if (known) known.target = target
      else watched.set(id, beginWatching(target, nowMs))
    }
  }

  return {
    /** Begins what is due; waits for nothing. */
    tick(): void {
      if (closing.signal.aborted) return
      follow()
      const due = all().filter((one) => !one.round && one.dueMs <= nowMs())
      const free = Math.max(0, ROUNDS_MAX - all().filter((one) => one.round).length)
      for (const one of due.sort((a, b) => a.dueMs - b.dueMs).slice(0, free)) begin(one)
    },
    async preflight(providerId: string): Promise<Preflight> {
      if (!watched.has(providerId)) follow()
      const one = watched.get(providerId)
      if (!one || closing.signal.aborted) return 'bad'
      const { known } = one
      if (known && nowMs() - known.atMs < FRESH_MS) return known.found === 'good' ? 'not-needed' : known.found
      if (!one.glance) begin(one)
      return one.glance!
    },
    /** What a real sign-in saw: when it went well nobody has to look, and when not somebody looks soon. */
    noteExchange(providerId: string, isGood: boolean): void {
      const one = watched.get(providerId)
      if (!one) return
      if (isGood) one.known = { found: 'good', atMs: nowMs() }
      else hasten(one, nowMs())
    },
    /** Other processes tell of faults; where that is news, we look as well. */
    noteOthers(providerIds: readonly string[]): void {
      for (const one of providerIds.map((id) => watched.get(id))) {
        if (!one || one.failed > 0) continue
        one.others.mark()
        if (one.others.isOn()) hasten(one, nowMs())
      }
    },
    /** Something of it is new, so that it is worth to judge what waits for it. */
    isNews: (providerId: string) => watched.get(providerId)?.own.isOn() ?? false,
    settled,
    async [Symbol.asyncDispose](): Promise<void> {
      closing.abort()
      await settled()
    },
  }
}

interface Around {
  all(): readonly Watched[]
  signal: AbortSignal
}

function beginRound(parts: WatchParts, one: Watched, around: Around): void {
  const nowMs = () => parts.clock.monotonicMs()
  one.beganMs = nowMs()
  const glance = openGlance(one.target, PREFLIGHT_MS)
  one.glance = glance.found.then((found) => {
    one.known = { found, atMs: nowMs() }
    return found
  })
  one.round = goRound(parts, one, { ...around, glance }).finally(() => {
    one.round = undefined
    one.glance = undefined
  })
}

async function goRound(parts: WatchParts, one: Watched, around: Around & { glance: ReturnType<typeof openGlance> }) {
  const { target, beganMs } = one
  const { glance, signal } = around
  const isDoubtful = one.failed > 0 || (parts.stateOf(target.id) ?? 'healthy') !== 'healthy'
  try {
    const rows = await lookAround(parts, target, { isDoubtful, signal, onLooked: glance.onLooked })
    // What was broken off by ourselves says nothing.
    if (signal.aborted) return
    one.known = { found: glance.end(), atMs: parts.clock.monotonicMs() }
    noteRound(parts, one, rows, around)
    await parts.keep(rows, beganMs)
  } catch (error) {
    parts.log.error({ err: error, provider: target.id }, 'a look at a provider failed')
  } finally {
    glance.end()
    // Whatever became of it, the next one comes.
    if (one.dueMs <= beganMs) one.dueMs = beganMs + ROUND_AGAIN_MS
  }
}

function noteRound(parts: WatchParts, one: Watched, rows: readonly EvidenceSeen[], { all }: Around): void {
  const failed = rows.filter(({ outcome }) => outcome === 'fault').length
  if (failed > 0) one.own.mark(failed > one.failed)
  one.failed = failed
  const isHurried = one.own.isOn() || one.others.isOn()
  const pace = { state: parts.stateOf(one.target.id), isHurried, live: parts.live() }
  one.dueMs = one.beganMs + pauseMs(pace, chance())
  if (failed > 1 && one.own.isOn()) hastenSiblings(all(), one, parts.clock.monotonicMs())
}
