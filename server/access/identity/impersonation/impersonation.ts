import { createHash } from 'node:crypto'
import type { ImpersonationRow } from './queries.ts'

/** The link of the console is followed at once, or asked for again. */
export const LINK_LIFE_MS = 60_000
export const MINUTES = { least: 5, most: 60, usual: 15 } as const
/** A sentence, so that the person can understand it. */
export const REASON = { least: 10, most: 500 } as const
/** How the session says that nobody proved to be this person. */
export const ASSURANCE = 'impersonation'

export const digestOfToken = (token: string) => createHash('sha256').update(token).digest()

export type ImpersonationState = 'waiting' | 'live' | 'ended' | 'lapsed'

export function stateOf(row: ImpersonationRow, now: Date): ImpersonationState {
  if (row.ended_at) return 'ended'
  if (row.started_at) return now < row.ends_at! ? 'live' : 'ended'
  return now < row.token_expires_at ? 'waiting' : 'lapsed'
}

/** “Ana”, or the address where there is no name. */
export const nameOf = (row: { user_name: string | null; user_email: string | null; user_id: string }) =>
  row.user_name ?? row.user_email ?? row.user_id
