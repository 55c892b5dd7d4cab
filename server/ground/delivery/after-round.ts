import type { SendResult } from '../../platform/mail/index.ts'
import type { Lane, Outcome } from './message.ts'

/** In all rounds together. Enough for a mail server's restart, few enough that nobody is flooded. */
export const ATTEMPTS_MAX = 10
/** A server that kept silent after the whole mail probably took it: one more try, then nothing is claimed. */
const UNKNOWN_MAX = 2
/** Between rounds in which no server took the mail. A code lives five minutes, a notice a day. */
const REST_MS: Record<Lane, readonly number[]> = {
  urgent: [1000, 5000, 15_000, 30_000, 60_000],
  notice: [5000, 60_000, 600_000, 3_600_000],
}

export interface Progress {
  lane: Lane
  expiresAt: Date
  attempts: number
  rounds: number
  /** Rounds that ended without an answer to a whole mail. */
  unknowns: number
}

/** What a round's result means for the message: its outcome, or another round after a rest. */
export function afterRound(
  progress: Progress,
  result: SendResult,
  now: Date,
): { outcome: Outcome } | { restMs: number } {
  if (result.outcome === 'ok') return { outcome: 'sent' }
  if (result.outcome === 'failed' && result.permanent) return { outcome: 'failed' }

  const mayHaveArrived = progress.unknowns > 0
  const isUsedUp = progress.unknowns >= UNKNOWN_MAX || progress.attempts >= ATTEMPTS_MAX
  if (isUsedUp) return { outcome: mayHaveArrived ? 'unknown' : 'failed' }

  const rests = REST_MS[progress.lane]
  const restMs = rests[Math.min(progress.rounds, rests.length) - 1]!
  const isTooLate = now.getTime() + restMs >= progress.expiresAt.getTime()
  return isTooLate ? { outcome: mayHaveArrived ? 'unknown' : 'expired' } : { restMs }
}
