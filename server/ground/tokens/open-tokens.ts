import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { findTokenByDigest } from './queries.ts'
import { refuse } from './refusals.ts'
import { digestOfToken, environmentOfToken, isLive, type Token } from './token.ts'
import type { Scope } from '../environment/index.ts'

export interface OpenTokensOptions {
  db: Database
  clock: Clock
  environment: string
}

export interface Tokens {
  /** By the header Authorization. Refuses what is no live token of this environment; an outage is thrown as one. */
  authenticate(authorization: string): Promise<{ id: string; scopes: ReadonlySet<Scope> }>
}

export function openTokens(options: OpenTokensOptions): Tokens {
  const { db, clock, environment } = options
  return {
    async authenticate(authorization) {
      const text = /^Bearer (\S{1,128})$/i.exec(authorization)?.[1] ?? ''
      const theirs = environmentOfToken(text)
      if (theirs === undefined) throw refuse('malformed')
      // Refused by its prefix before any look-up (design §4): a token of Demo never meets Production's store.
      if (theirs !== environment) throw refuse('foreign', { theirs, ours: environment })
      const token = await findTokenByDigest(db, digestOfToken(text))
      if (!token) throw refuse('unknown')
      assertLive(token, clock.now())
      return { id: token.id, scopes: new Set(token.scopes) }
    },
  }
}

function assertLive(token: Token, now: Date): void {
  if (token.revoked_at) throw refuse('revoked', { at: token.revoked_at.toISOString() })
  if (!isLive(token, now)) throw refuse('expired', { at: token.expires_at!.toISOString() })
}
