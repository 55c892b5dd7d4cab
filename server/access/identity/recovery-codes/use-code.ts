import { byCaller } from '../../../ground/audit/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { lockUser } from '../accounts/queries.ts'
import { audienceOf, returnToOf } from '../audience.ts'
import { readCode } from '../break-glass/code.ts'
import { type Browser, browserOf } from '../browser.ts'
import { type Beginning, completeBy, type Proof, type SignInCompleted } from '../complete-sign-in.ts'
import type { Email } from '../email.ts'
import { addressBlock } from '../limits/address-block.ts'
import type { Hit } from '../limits/limiter.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { givingBack } from '../passkeys/enrol.ts'
import { tellMethod } from '../passkeys/mails.ts'
import { BY_RECOVERY_CODE } from '../passkeys/strongest.ts'
import { findUserByEmail, isKnownBrowser } from '../queries.ts'
import type { User } from '../user.ts'
import { digestOfRecoveryCode } from './code.ts'
import * as queries from './queries.ts'

/** Of an address without an account, so that the same work is done for everybody. */
const NOBODY = 'usr_nobody'
/** RFC 8176: a password that works once. `kba` is for questions about a person, which this is not. */
const PROOF: Proof = { amr: ['otp', BY_RECOVERY_CODE], acr: 'single' }

type Recovery = Beginning & { return_to: string }

export type RecoveryCodeUsed =
  | SignInCompleted<Recovery>
  /** A wrong code, one that nobody has, no such account: one answer for all. */
  | { outcome: 'wrong' }

export interface UseRecoveryCode {
  email: Email
  /** As it was typed. */
  code: string
  application?: string | undefined
  returnTo?: string | undefined
}

/**
 * Signs in by a recovery code. Attempts are counted, and that is committed, before anything is compared: by browser and network
 * only, for nothing can be guessed. Whom an organisation that demands more does not let in by it keeps the code; the person is
 * told by mail whatever comes of a right one.
 */
export async function useRecoveryCode(parts: Parts, call: Call, input: UseRecoveryCode): Promise<RecoveryCodeUsed> {
  const now = parts.clock.now()
  const audience = audienceOf(call, input.application)
  const returnTo = returnToOf(parts, call, audience, input.returnTo)
  const browser = browserOf(call)
  const hits = tryHits(call, browser)
  parts.limiter.passHere(hits, now)
  const { user, codes, digest } = await givingBack(parts, hits, async () => {
    await parts.db.transaction((db) => parts.limiter.pass(db, hits, now))
    const user = await findUserByEmail(parts.db, input.email.key)
    const codes = await queries.codesOf(parts.db, user?.id ?? NOBODY)
    return { user, codes, digest: digestOfRecoveryCode(parts.secret, user?.id ?? NOBODY, input.code) }
  })
  // Each is looked at, whichever it is.
  const [found] = codes.filter((code) => sameDigest(code.digest, digest))
  if (!user || !found || found.used_at || readCode(input.code) === undefined) {
    await noteWrongCode(parts, call, audience)
    return { outcome: 'wrong' }
  }
  const challenge: Recovery = {
    ...{ id: newId('rec', now), purpose: 'sign-in', audience, return_to: returnTo },
    ...{ browser_digest: browser.digest, created_at: now },
  }
  const left = codes.filter((code) => code.used_at === null).length
  return tellingOwner(parts, call, { user, left }, () =>
    completeBy(parts, call, { challenge, method: 'recovery-code', proof: PROOF }, async (db) => {
      // Before their code, as whoever makes the set anew does.
      const owner = await lockUser(db, user.id)
      if (!owner) return undefined
      const isKnown = await isKnownBrowser(db, user.id, browser.digest)
      return { user: owner, isKnownBrowser: isKnown, spend: (db) => queries.useCode(db, digest, now) }
    }),
  )
}

const tryHits = (call: Call, browser: Browser): Hit[] => [
  // One without a cookie has no past that could be limited.
  ...(browser.isNew ? [] : [{ limit: limits.recoveryInBrowser, subject: browser.digest }]),
  { limit: limits.recoveryInBlock, subject: addressBlock(call.address) },
]

/** Whoever has a right code of theirs is themselves, or has found it: they learn of it either way. */
async function tellingOwner(
  parts: Parts,
  call: Call,
  { user, left }: { user: User; left: number },
  complete: () => Promise<SignInCompleted<Recovery>>,
): Promise<SignInCompleted<Recovery>> {
  try {
    const done = await complete()
    if (done.outcome !== 'used') tellMethod(parts, call, user, { kind: 'used', left: left - 1 })
    return done
  } catch (error) {
    if (error instanceof Refusal) tellMethod(parts, call, user, { kind: 'shown', left })
    throw error
  }
}

/** Nobody is known yet: whoever types a wrong code is not said to be the person whose address it is. */
async function noteWrongCode(parts: Parts, call: Call, audience: string): Promise<void> {
  const facts = { method: 'recovery-code', reason: 'wrong_recovery_code', audience }
  await parts.db.transaction(async (db) => {
    await parts.signal(db, { kind: 'sign-in.failed', subject: 'recovery-code', facts })
    const subject = { kind: 'challenge', id: 'recovery-code' }
    await parts.audit(db, { by: byCaller(call), action: 'sign-in.failed', subject, facts })
  })
}
