import type { Clock } from '../../platform/clock.ts'
import type { Token } from './token.ts'

/** For so long a program goes on working while PostgreSQL hangs, and no longer is a token believed unasked. */
export const REMEMBERED_MS = 60_000
/** An installation has dozens. Beyond this the longest unasked is forgotten, and looked up again. */
const REMEMBERED_MAX = 10_000

/** Tokens that PostgreSQL knew within the last minute, by their digest. */
export interface KnownTokens {
  find(digest: Buffer): Token | undefined
  /** However long ago it was read. For an outage, and for what may be told on old knowledge. */
  findOld(digest: Buffer): Token | undefined
  keep(digest: Buffer, token: Token): void
  /** It was revoked: it is asked for again. */
  forget(id: string): void
}

export function openKnownTokens(clock: Clock): KnownTokens {
  const known = new Map<string, { token: Token; readMs: number }>()
  return {
    find(digest) {
      const kept = known.get(digest.toString('base64'))
      return kept && clock.monotonicMs() - kept.readMs <= REMEMBERED_MS ? kept.token : undefined
    },
    findOld: (digest) => known.get(digest.toString('base64'))?.token,
    keep(digest, token) {
      const name = digest.toString('base64')
      known.delete(name)
      known.set(name, { token, readMs: clock.monotonicMs() })
      if (known.size > REMEMBERED_MAX) known.delete(known.keys().next().value!)
    },
    forget(id) {
      for (const [name, { token }] of known) if (token.id === id) known.delete(name)
    },
  }
}
