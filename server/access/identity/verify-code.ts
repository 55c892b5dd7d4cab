import { byCaller } from '../../ground/audit/index.ts'
import { DatabaseOutage, withCommit } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { sameDigest } from '../../platform/secret.ts'
import { isHere } from './audience.ts'
import { ATTEMPTS_MAX, type Challenge, digestOfCode, type Purpose, readCode, stateOf } from './challenge.ts'
import { completeSignIn, type SignInCompleted } from './complete-sign-in.ts'
import { addressBlock } from './limits/address-block.ts'
import type { Hit } from './limits/limiter.ts'
import { limits } from './limits/limits.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'

export interface VerifyCode {
  challengeId: string
  /** As it was typed. */
  code: string
  /** Undefined: this browser has begun no sign-in. */
  browserDigest: Buffer | undefined
  purposes: readonly Purpose[]
}

export type CodeVerified =
  | SignInCompleted
  | { outcome: 'wrong'; attemptsLeft: number }
  | { outcome: 'malformed' | 'expired' | 'used' | 'spent' | 'other-browser' | 'link-only' }

/**
 * Signs in by the code of a mail.
 *
 * An attempt is counted and committed before the code is compared (Kratos `persister_code.go`): guesses sent at the same
 * instant, or a crash in between, cannot make more of them than five.
 */
export async function verifyCode(parts: Parts, call: Call, input: VerifyCode): Promise<CodeVerified> {
  const now = parts.clock.now()
  const code = readCode(input.code)
  const { browserDigest } = input
  if (browserDigest === undefined) return { outcome: 'other-browser' }
  if (code === undefined) return { outcome: 'malformed' }

  const hits: Hit[] = [
    { limit: limits.codeInBrowser, subject: browserDigest },
    { limit: limits.codeInBlock, subject: addressBlock(call.address) },
  ]
  parts.limiter.passHere(hits, now)
  try {
    const counted = await countAttempt(parts, call, { ...input, browserDigest, hits, now })
    if (counted.outcome !== 'counted') return counted
    const { challenge, attemptsLeft } = counted
    const digest = digestOfCode(parts.secret, challenge, code)
    if (sameDigest(digest, challenge.code_digest)) return await completeSignIn(parts, call, challenge)
    await noteWrongCode(parts, call, challenge)
    return { outcome: 'wrong', attemptsLeft }
  } catch (error) {
    if (error instanceof DatabaseOutage) parts.limiter.giveBackHere(hits)
    throw error
  }
}

type Counted =
  | { outcome: 'counted'; challenge: Challenge; attemptsLeft: number }
  | { outcome: 'expired' | 'used' | 'spent' | 'other-browser' | 'link-only' }

async function countAttempt(
  parts: Parts,
  call: Call,
  input: VerifyCode & { browserDigest: Buffer; hits: readonly Hit[]; now: Date },
): Promise<Counted> {
  const { challengeId, browserDigest, purposes, hits, now } = input
  const isReopened = parts.reopened.has(challengeId)
  const counted = await parts.limiter.passing(parts.db, now, async (db, take) => {
    const challenge = await queries.findAttempted(db, challengeId, browserDigest)
    if (!challenge || !purposes.includes(challenge.purpose)) return { outcome: 'expired' } as const
    if (!isHere(call, challenge.audience)) return { outcome: 'other-browser' } as const
    const state = stateOf(challenge, now)
    if (state === 'used' && !isReopened) return { outcome: 'used' } as const
    // Neither counted nor compared: from elsewhere nobody can use up the attempts, or learn whether a code was right.
    if (!sameDigest(challenge.browser_digest, browserDigest)) return { outcome: 'other-browser' } as const
    if (state === 'replaced' || state === 'expired') return { outcome: 'expired' } as const
    if (challenge.is_link_only) return { outcome: 'link-only' } as const
    if (challenge.attempts >= ATTEMPTS_MAX) return { outcome: 'spent' } as const

    take([codeHit(challenge, challenge.is_known), ...hits])
    const counting = withCommit(queries.countAttempt(db, { id: challengeId, isReopened }, now))
    return { outcome: 'counted', challenge, counting } as const
  })
  if (counted.outcome !== 'counted') return counted
  const { challenge, counting } = counted
  const attempts = await counting
  // Another attempt of the same instant took the last one, or was right.
  if (attempts === undefined) return { outcome: 'spent' }
  return { outcome: 'counted', challenge, attemptsLeft: ATTEMPTS_MAX - attempts }
}

function codeHit({ email_key, browser_digest }: Challenge, isKnown: boolean): Hit {
  return isKnown
    ? { limit: limits.codeInKnownBrowser, subject: `${email_key} ${browser_digest.toString('base64')}` }
    : { limit: limits.codeForAddress, subject: email_key }
}

async function noteWrongCode(parts: Parts, call: Call, challenge: Challenge): Promise<void> {
  const now = parts.clock.now()
  await parts.db.transaction(async (db) => {
    await parts.limiter.noteWrongCode(db, challenge.email_key, now)
    const facts = { method: 'code', reason: 'wrong_code', audience: challenge.audience }
    await parts.signal(db, { kind: 'sign-in.failed', subject: challenge.id, facts })
    const user = await queries.findUserByEmail(db, challenge.email_key)
    const subject = user ? { kind: 'user', id: user.id } : { kind: 'challenge', id: challenge.id }
    // Nobody is known yet: whoever types a wrong code is not said to be the person whose address it is.
    await parts.audit(db, { by: byCaller(call), action: 'sign-in.failed', subject, facts })
  })
}
