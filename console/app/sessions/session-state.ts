import { reasons } from '@holdfast/sdk/contract'
import type { SessionRow } from '../api/wire.ts'

/** What a session is at a moment. Unknown: it was live when it was last read, and nobody can know more for now. */
export type SessionState = { is: 'live' } | { is: 'ended'; at: string; reason: string } | { is: 'unknown' }

/** An end is final, whatever is away meanwhile; only a live session can have become something else. */
export function stateOf(session: SessionRow, now: { nowMs: number; isOld: boolean }): SessionState {
  const { ended_at, end_reason, expires_at } = session
  if (ended_at) return { is: 'ended', at: ended_at, reason: sayReason(end_reason) }
  if (Date.parse(expires_at) <= now.nowMs) return { is: 'ended', at: expires_at, reason: reasons.expired }
  return now.isOld ? { is: 'unknown' } : { is: 'live' }
}

/** A code that this console does not know yet is shown as it came: a newer access may have more of them. */
function sayReason(reason: string | null): string {
  if (reason === null) return 'No reason was recorded.'
  return reason in reasons ? reasons[reason as keyof typeof reasons] : reason
}

const ours: Record<string, string> = { console: 'This console', account: 'Account pages' }
/** To choose from: an audience and its name. */
export const ourPages = Object.entries(ours)

/** Who hears of an end, and how soon. Our own pages need no telling. */
export function sayWhoIsTold(audience: string): string {
  return audience in ours ? 'It is refused from now on.' : `${audience} is told within seconds.`
}

export function sayApplication(audience: string): string {
  return ours[audience] ?? audience
}

export function sayDevice({ device }: Pick<SessionRow, 'device'>): string {
  return device.name ?? device.user_agent ?? 'Unknown device'
}

export function sayPerson({ user }: Pick<SessionRow, 'user'>): string {
  return user.name ?? user.email ?? user.id
}
