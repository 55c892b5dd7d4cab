/** Long enough for a call and for finding the page; too short to lie in a mailbox. */
export const RESCUE_LIFE_MS = 30 * 60_000
/** What it begins: long enough to look after one's organisation once, and no longer. */
export const RESCUED_SESSION_MS = 60 * 60_000
/** A sentence, so that everybody who is told of it understands why. */
export const REASON = { least: 10, most: 500 } as const

export const handOvers = ['mail', 'voice'] as const
export type HandOver = (typeof handOvers)[number]

export interface RescueRow {
  id: string
  organization_id: string
  user_id: string
  user_email: string | null
  user_name: string | null
  audience: string
  hand_over: HandOver
  reason: string
  issued_by: string
  issued_by_name: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
  session_id: string | null
  withdrawn_at: Date | null
  withdrawn_by: string | null
}

export const rescueStates = ['waiting', 'used', 'lapsed', 'withdrawn'] as const
export type RescueState = (typeof rescueStates)[number]

export function stateOf(
  { used_at, withdrawn_at, expires_at }: Pick<RescueRow, 'used_at' | 'withdrawn_at' | 'expires_at'>,
  now: Date,
): RescueState {
  if (withdrawn_at) return 'withdrawn'
  if (used_at) return 'used'
  return now < expires_at ? 'waiting' : 'lapsed'
}
