import type { Call } from '../../platform/http/index.ts'
import { sameDigest } from '../../platform/secret.ts'
import { isHere } from './audience.ts'
import { ATTEMPTS_MAX, type Challenge, codeOfLink, digestOfToken, isToken, stateOf } from './challenge.ts'
import { completeSignIn, type SignInCompleted } from './complete-sign-in.ts'
import { addressBlock } from './limits/address-block.ts'
import { limits } from './limits/limits.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'

export interface FollowLink {
  token: string
  /** Undefined: this browser has begun no sign-in. */
  browserDigest: Buffer | undefined
}

export type LinkSeen =
  | { outcome: 'ready'; challenge: Challenge }
  /** Begun in another browser. `code` is what is to be typed there; null: only the link itself works. */
  | { outcome: 'elsewhere'; challenge: Challenge; code: string | null }
  | { outcome: 'used' | 'expired' | 'replaced' | 'unknown' }

/** What a link is good for in this browser. Changes nothing: mail scanners and previews open links too. */
export async function lookAtLink(parts: Parts, call: Call, { token, browserDigest }: FollowLink): Promise<LinkSeen> {
  const now = parts.clock.now()
  parts.limiter.passHere([{ limit: limits.linkInBlock, subject: addressBlock(call.address) }], now)
  if (!isToken(token)) return { outcome: 'unknown' }

  const challenge = await queries.findChallengeByLink(parts.db, digestOfToken(token))
  if (!challenge || !isHere(call, challenge.audience)) return { outcome: 'unknown' }
  const state = stateOf(challenge, now)
  if (state !== 'live' && !(state === 'used' && parts.reopened.has(challenge.id))) return { outcome: state as 'used' }
  if (browserDigest && sameDigest(challenge.browser_digest, browserDigest)) return { outcome: 'ready', challenge }
  const canBeTyped = !challenge.is_link_only && challenge.attempts < ATTEMPTS_MAX
  return { outcome: 'elsewhere', challenge, code: canBeTyped ? codeOfLink(parts.secret, token) : null }
}

/** Signs in by the link of a mail: only in the browser that began it, and only when its button was pressed. */
export async function followLink(parts: Parts, call: Call, input: FollowLink): Promise<SignInCompleted | LinkSeen> {
  const seen = await lookAtLink(parts, call, input)
  return seen.outcome === 'ready' ? completeSignIn(parts, call, seen.challenge, 'link') : seen
}
