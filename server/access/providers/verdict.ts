/** `unknown`: we cannot tell it from a fault of our own network. */
export const providerStates = ['healthy', 'suspect', 'down', 'recovering', 'unknown'] as const
export type ProviderState = (typeof providerStates)[number]

/**
 * Whether something may be made to rest on a provider that did not before. `well`: it is offered, nothing speaks against it, it
 * was seen to answer within the last minute, and nobody is sent another way. `withdrawn`: it is switched off, or deleted.
 */
export type Condition = 'well' | 'troubled' | 'withdrawn'

/** What is held of a provider now: one row, changed by compare-and-set on its epoch. */
export interface Verdict {
  provider_id: string
  epoch: number
  state: ProviderState
  since: Date
  /** Since when people are sent another way; null: they are not. */
  open_since: Date | null
  closed_at: Date | null
  decided_at: Date
  /** `holdfast`, or the administrator who ordered it. */
  decided_by: string
  why: Why
  /** An administrator's order: it holds until then, whatever is seen. */
  ordered: 'open' | 'closed' | null
  ordered_reason: string | null
  ordered_by: string | null
  /** When it was first given: to give it again for longer is no new beginning. */
  ordered_at: Date | null
  ordered_until: Date | null
}

/** What a verdict stands on, for people. */
export interface Why {
  /** One sentence, without a secret: "discovery and token did not answer in two rounds, seen by 2 of 2 processes". */
  sentence: string
  faults: { kind: string; fault: string; count: number }[]
  processes: { saw: number; live: number }
  is_control_good: boolean | null
}

/**
 * Whether people may be sent another way than this provider. `unknown` opens it only where the policy of whoever asks says
 * so, for nobody can tell then whether it is the provider or our own network.
 */
export function isOpen(verdict: Verdict | undefined, asked: { now: Date; unknownOpens: boolean }): boolean {
  if (!verdict) return false
  const { ordered, ordered_until } = verdict
  if (ordered && ordered_until && asked.now < ordered_until) return ordered === 'open'
  if (verdict.state === 'unknown') return verdict.open_since !== null || asked.unknownOpens
  return verdict.open_since !== null
}

/**
 * Since when people may be sent another way, where they may: whatever somebody is let in by has to be older. Of an order that is
 * when it was given, for the provider itself may have been well for months.
 */
export function openedAt({ state, since, open_since, ordered, ordered_at, ordered_until }: Verdict, now: Date): Date {
  const isOrdered = ordered === 'open' && ordered_until !== null && now < ordered_until
  const begins = [open_since, isOrdered ? ordered_at : null, state === 'unknown' ? since : null]
  const known = begins.flatMap((at) => at?.getTime() ?? [])
  return known.length > 0 ? new Date(Math.min(...known)) : since
}
