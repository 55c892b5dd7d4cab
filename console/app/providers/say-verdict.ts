import type { Provider, ProviderState, Verdict, Why } from '../api/wire/providers.ts'
import { sayCount } from '../ui/moment.ts'
import type { State } from '../ui/state-mark.tsx'

const marks: Record<ProviderState, State> = {
  healthy: 'ok',
  suspect: 'degraded',
  down: 'failing',
  recovering: 'degraded',
  unknown: 'unknown',
}

export const stateWords: Record<ProviderState, string> = {
  healthy: 'Healthy',
  suspect: 'Suspect',
  down: 'Down',
  recovering: 'Recovering',
  unknown: 'Unknown',
}

/** What each state means, for who reads it the first time. */
export const stateMeanings: Record<ProviderState, string> = {
  healthy: 'It answers what it is asked.',
  suspect: 'Something of it does not answer. Nobody is sent another way on that alone.',
  down: 'It did not answer in two kinds of ways and in two rounds, while everything else could be reached.',
  recovering: 'It answers again, and is watched for a while before people are sent back.',
  unknown: 'It cannot be told from a fault of our own network.',
}

/** A state that a newer access has is shown as it came, and never as good. */
export const markOf = (state: ProviderState): State => marks[state] ?? 'unknown'
export const sayState = (state: ProviderState): string => stateWords[state] ?? state

/** Who saw what speaks against it; where nothing does, who watches. */
export function sayProcesses({ faults, processes: { saw, live } }: Why): string {
  const all = sayCount(live, 'process', 'processes')
  if (faults.length > 0) return `Seen by ${saw} of ${all} of access`
  return live === 1 ? '1 process of access watches it' : `${all} of access watch it`
}

/** How it stands; nothing that nobody saw is called well. */
export function standingOf(
  { is_enabled, verdict }: Pick<Provider, 'is_enabled' | 'verdict'>,
  isOld: boolean,
): { mark: State | null; word: string; since: string | null } {
  if (!is_enabled) return { mark: null, word: 'Not enabled', since: null }
  if (!verdict) return { mark: 'unknown', word: 'Not seen yet', since: null }
  const word = sayState(verdict.state)
  if (isOld) return { mark: 'unknown', word: `Not known, was ${word.toLowerCase()}`, since: null }
  return { mark: markOf(verdict.state), word, since: verdict.since }
}

/** Whether people are sent another way, and by what. */
export type FallBack =
  | { is: 'closed' }
  | { is: 'open'; since: string }
  | { is: 'by-policy' }
  | { is: 'forced' | 'forbidden'; until: string; by: string | null; reason: string | null }

/** As access decides it at each sign-in: an order in force comes before whatever was seen. */
export function fallBackOf(verdict: Verdict | null, nowMs: number): FallBack {
  if (!verdict) return { is: 'closed' }
  const { ordered, ordered_until, ordered_by, ordered_reason } = verdict
  if (ordered && ordered_until && nowMs < Date.parse(ordered_until)) {
    const is = ordered === 'open' ? 'forced' : 'forbidden'
    return { is, until: ordered_until, by: ordered_by, reason: ordered_reason }
  }
  if (verdict.open_since) return { is: 'open', since: verdict.open_since }
  return verdict.state === 'unknown' ? { is: 'by-policy' } : { is: 'closed' }
}

const DAY_MS = 24 * 60 * 60_000
/** Time to ask somebody for a new one, also over a holiday. */
export const SECRET_WARN_MS = 30 * DAY_MS

/** Of a client secret: over, soon over, good, or that nobody wrote down when it ends. */
export function secretStanding(
  { has_client_secret, client_secret_expires_at }: Pick<Provider, 'has_client_secret' | 'client_secret_expires_at'>,
  nowMs: number,
): 'none' | 'undated' | 'good' | 'soon' | 'over' {
  if (!has_client_secret) return 'none'
  if (!client_secret_expires_at) return 'undated'
  const leftMs = Date.parse(client_secret_expires_at) - nowMs
  if (leftMs <= 0) return 'over'
  return leftMs < SECRET_WARN_MS ? 'soon' : 'good'
}
