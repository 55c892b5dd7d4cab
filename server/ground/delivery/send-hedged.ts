import type { Clock } from '../../platform/clock.ts'
import type { OutgoingMail, SendResult, Transport } from '../../platform/mail/index.ts'
import type { Timers } from './message.ts'
import type { TransportHealth } from './transport-health.ts'

/** No answer of the first server in this time: the second gets the same mail. A duplicate is harmless, a missing code is an outage. */
export const HEDGE_MS = 4000
/** A whole conversation with a server that is well takes a second. */
const SEND_DEADLINE_MS = 10_000

export interface Route {
  name: string
  transport: Transport
  health: TransportHealth
}

export interface Hedging {
  routes: readonly Route[]
  mail: OutgoingMail
  expiresAt: Date
  clock: Clock
  timers: Timers
  /** Ends everything under way, at the end of the process. */
  signal: AbortSignal
  /** Asked before each attempt; false ends the round. Counts: a server that hangs must use up the attempt. */
  mayTry(): boolean
  onHedge(): void
}

export interface Round {
  result: SendResult
  /** The server that took it, or the last that did not. */
  via: string
}

/**
 * One round over all servers: the first at once, the next when it fails, or when it has said nothing for four seconds.
 * The first that takes the mail ends the round; a refusal for good bars those that were not asked yet.
 */
export function sendHedged(hedging: Hedging): Promise<Round> {
  const { routes, timers } = hedging
  const { promise, resolve, reject } = Promise.withResolvers<Round>()
  const won = new AbortController()
  const signal = AbortSignal.any([won.signal, hedging.signal])
  const rounds: Round[] = []
  let started = 0
  let isOver = false
  let cancelHedge = () => {}

  const finish = (round: Round) => {
    isOver = true
    cancelHedge()
    won.abort()
    resolve(round)
  }
  const startNext = () => {
    cancelHedge()
    const route = routes[started]
    if (!route || signal.aborted || rounds.some(isForGood) || !hedging.mayTry()) return
    started++
    if (started < routes.length) {
      cancelHedge = timers.after(HEDGE_MS, () => {
        hedging.onHedge()
        startNext()
      })
    }
    attempt(hedging, route, signal)
      .then((result) => ended({ result, via: route.name }))
      .catch(reject)
  }
  const ended = (round: Round) => {
    if (isOver) return
    if (round.result.outcome === 'ok') return finish(round)
    rounds.push(round)
    startNext()
    if (rounds.length === started) finish(worstOf(rounds))
  }

  startNext()
  if (started === 0)
    finish({ result: { outcome: 'failed', permanent: false, code: 'not_tried', stage: 'connect' }, via: '' })
  return promise
}

async function attempt(hedging: Hedging, route: Route, signal: AbortSignal): Promise<SendResult> {
  const { clock, expiresAt, mail } = hedging
  const startedMs = clock.monotonicMs()
  const leftMs = expiresAt.getTime() - clock.now().getTime()
  route.health.beginAttempt()
  // Cut at its end, so that not a byte of it goes out late.
  const result = await route.transport.send(mail, {
    deadlineMs: Math.max(1, Math.min(SEND_DEADLINE_MS, leftMs)),
    signal,
  })
  // Another was quicker. That is a fault of this one only if it had the time in which it should have answered.
  const wasBeaten = signal.aborted && result.outcome !== 'ok' && clock.monotonicMs() - startedMs < HEDGE_MS
  if (!wasBeaten) route.health.sent(asSlow(result))
  return result
}

function asSlow(result: SendResult): SendResult {
  return result.outcome === 'failed' && result.code === 'aborted' ? { ...result, code: 'slow' } : result
}

function isForGood({ result }: Round): boolean {
  return result.outcome === 'failed' && result.permanent
}

/** What is most certain to matter: refused for good, then perhaps taken, then not taken. */
function worstOf(rounds: Round[]): Round {
  return rounds.find(isForGood) ?? rounds.find(({ result }) => result.outcome === 'unknown') ?? rounds.at(-1)!
}
