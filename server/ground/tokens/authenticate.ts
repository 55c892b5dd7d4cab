import type { Parts } from './parts.ts'
import { findTokenByDigest } from './queries.ts'
import { refuse } from './refusals.ts'
import { digestOfToken, environmentOfToken, isBrowserToken, stateOf, type Token } from './token.ts'

/**
 * Whose token stands in the header Authorization. Refuses what is no live token of this environment; an outage is thrown
 * as one.
 *
 * Refused by its prefix before any look-up (design §4): a token of Demo never meets Production's store. What PostgreSQL
 * knew within the last minute is believed, so that programs go on working while it hangs.
 */
export async function authenticate(parts: Parts, authorization: string | undefined): Promise<Token> {
  const { environment, clock, known, refused } = parts
  const text = /^Bearer (\S{1,128})$/i.exec(authorization ?? '')?.[1] ?? ''
  const theirs = environmentOfToken(text)
  if (theirs === undefined) {
    refused.note('malformed')
    throw refuse('malformed')
  }
  if (theirs !== environment) {
    refused.note('foreign')
    throw refuse('foreign', { theirs, ours: environment })
  }

  if (isBrowserToken(text)) throw refuse('browser_only')

  const digest = digestOfToken(text)
  const token = known.find(digest) ?? (await findTokenByDigest(parts.db, digest))
  if (!token) {
    refused.note('unknown')
    throw refuse('unknown')
  }
  const now = clock.now()
  const state = stateOf(token, now)
  if (state !== 'live') {
    refused.note(state, token.id)
    throw refuse(state, { at: (token.revoked_at ?? token.expires_at!).toISOString() })
  }
  if (known.find(digest) !== token) known.keep(digest, token)
  // Written later, with others: nobody waits for it.
  parts.used.set(token.id, now)
  return token
}
