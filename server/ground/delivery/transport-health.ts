import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/log.ts'
import type { SendResult } from '../../platform/mail/index.ts'

/** In a row. One greylisted address is no outage; three of anything are. */
const MISSES_MAX = 3
/** How long a server that missed is tried last. Then one message tries it again, hedged like every other. */
export const REST_MS = 10_000
/** Older proof than this is no proof: what was not seen is unknown (law 6). Three probes may be missed. */
export const PROOF_LIFE_MS = 3 * 60_000

/** While mail flows nothing is probed; a server that failed is asked more often, so that it is soon known to be back. */
const PROBE_MS = 60_000
const PROBE_FAILING_MS = 10_000

export interface TransportStatus {
  /** A, B, … in the order in which they are tried. */
  name: string
  state: 'ok' | 'unknown' | 'failing'
  since: Date
  /** When it last took a mail, or answered a probe. */
  provenAt: Date | null
  /** A plain sentence: what is, and whom it affects. */
  detail: string
}

export interface TransportHealth {
  sent(result: SendResult): void
  /** Hands out where to tell the result. A probe that began before the last miss says nothing about it. */
  beginProbe(): (result: { outcome: 'ok' } | { outcome: 'failed'; code: string }) => void
  /** A server that rests is asked last, never not at all. */
  isResting(): boolean
  /** Before an attempt: while one message tries a server that missed, the others leave it alone. */
  beginAttempt(): void
  /** Nothing was heard of it for a while: B has to be proven too, or "there is a B" is a wish. */
  isDueForProbe(): boolean
  status(hasAnother: boolean): TransportStatus
}

interface Miss {
  code: string
  since: Date
  /** A probe does not come as far as a mail, so it clears only what it could have seen. */
  stage: 'connect' | 'mail'
}

export function openTransportHealth(name: string, place: string, clock: Clock, log: Logger): TransportHealth {
  const openedAt = clock.now()
  let provenAt: Date | null = null
  let okSince = openedAt
  /** In a row. */
  let misses = 0
  let missesEver = 0
  let miss: Miss | null = null
  let restUntilMs = 0
  let contactMs = Number.NEGATIVE_INFINITY

  function prove(): void {
    if (miss) log.info({ transport: name, place }, 'mail server works again')
    if (miss || !isProven()) okSince = clock.now()
    provenAt = clock.now()
    miss = null
    misses = 0
    restUntilMs = 0
  }
  function isProven(): boolean {
    return provenAt !== null && clock.now().getTime() - provenAt.getTime() <= PROOF_LIFE_MS
  }
  function missed(code: string, stage: Miss['stage']): void {
    misses++
    missesEver++
    if (misses >= MISSES_MAX) restUntilMs = clock.monotonicMs() + REST_MS
    // No connection is a fact at once; a refused mail may be that mail's own fault.
    if (stage === 'mail' && misses < MISSES_MAX && !miss) return
    if (!miss) log.warn({ transport: name, place, reason: code }, 'mail server does not take mail')
    miss = { code, stage, since: miss?.since ?? clock.now() }
  }

  return {
    sent(result) {
      contactMs = clock.monotonicMs()
      if (result.outcome === 'ok') prove()
      else if (result.outcome === 'unknown') missed('no_answer', 'mail')
      else if (!result.permanent) missed(result.code, result.stage)
      // A refusal for good is an answer: the server is well, the address is not.
      else if (result.stage === 'mail') prove()
    },
    beginProbe() {
      contactMs = clock.monotonicMs()
      const missesBefore = missesEver
      return (result) => {
        if (result.outcome === 'failed') missed(result.code, 'connect')
        else if (missesEver === missesBefore && miss?.stage !== 'mail') prove()
      }
    },
    isResting: () => clock.monotonicMs() < restUntilMs,
    beginAttempt() {
      if (misses >= MISSES_MAX) restUntilMs = clock.monotonicMs() + REST_MS
    },
    isDueForProbe: () => clock.monotonicMs() - contactMs >= (miss ? PROBE_FAILING_MS : PROBE_MS),

    status(hasAnother) {
      const seen = { name, provenAt }
      if (miss) {
        const effect = hasAnother ? 'Mail goes through the other server.' : 'No code can be sent until it is back.'
        return {
          ...seen,
          state: 'failing',
          since: miss.since,
          detail: `${place} does not take mail (${miss.code}). ${effect}`,
        }
      }
      if (isProven()) return { ...seen, state: 'ok', since: okSince, detail: `${place} takes mail.` }
      const since = provenAt ? new Date(provenAt.getTime() + PROOF_LIFE_MS) : openedAt
      const detail = provenAt ? `${place} was not heard of for 3 minutes.` : `${place} has not been tried yet.`
      return { ...seen, state: 'unknown', since, detail }
    },
  }
}
