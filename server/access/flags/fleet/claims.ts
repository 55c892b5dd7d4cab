import type { KeyName } from '../../../../sdk/flags/snapshot.ts'
import type { Database } from '../../../platform/database/index.ts'
import * as queries from './queries.ts'

/** What a client says it holds, without a text to show for it. */
export interface Claim {
  /** Of its snapshot. */
  digest: string
  keys: KeyName[]
}

export interface Claims {
  note(claim: Claim): void
  flush(toldAt: Date): Promise<void>
}

/**
 * At most 25 kB each. A fleet that followed one database holds a few snapshots; whoever makes up more of them, with the key of
 * an application, drives out the oldest.
 */
export const CLAIMS_MAX = 100

/** Kept once for all who hold the same, and written together. */
export function openClaims(background: Database): Claims {
  const waiting = new Map<string, Claim>()
  return {
    note(claim) {
      const [oldest] = waiting.keys()
      if (oldest !== undefined && !waiting.has(claim.digest) && waiting.size >= CLAIMS_MAX) waiting.delete(oldest)
      waiting.set(claim.digest, claim)
    },
    async flush(toldAt) {
      if (waiting.size === 0) return
      const claims = [...waiting.values()]
      await queries.putClaims(background, claims, toldAt)
      await queries.forgetClaimsButNewest(background, CLAIMS_MAX)
      for (const claim of claims) if (waiting.get(claim.digest) === claim) waiting.delete(claim.digest)
    },
  }
}
