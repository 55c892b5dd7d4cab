import { byCaller } from '../../../ground/audit/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { lockUser } from '../accounts/queries.ts'
import { audienceOf, returnToOf } from '../audience.ts'
import { readCode } from '../break-glass/code.ts'
import { browserOf } from '../browser.ts'
import { type Beginning, completeBy, type Proof, type SignInCompleted } from '../complete-sign-in.ts'
import type { Email } from '../email.ts'
import { addressBlock } from '../limits/address-block.ts'
import type { Hit } from '../limits/limiter.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { tellMethod } from '../passkeys/mails.ts'
import { BY_RECOVERY_CODE } from '../passkeys/strongest.ts'
import { findUserByEmail, isKnownBrowser } from '../queries.ts'
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
 * Signs in by a recovery code, under the limits of mailed codes: counted, and that is committed, before anything is
 * compared.
 */
export async function useRecoveryCode(parts: Parts, call: Call, input: UseRecoveryCode): Promise<RecoveryCodeUsed> {
  const now = parts.clock.now()
  const audience = audienceOf(call, input.application)
  const returnTo = returnToOf(parts, call, audience, input.returnTo)
  const browser = browserOf(call)
  const hitsHere: Hit[] = [
    { limit: limits.codeInBrowser, subject: browser.digest },
    { limit: limits.codeInBlock, subject: addressBlock(call.address) },
  ]
  parts.limiter.passHere(hitsHere, now)
  try {
    const user = await findUserByEmail(parts.db, input.email.key)
    const isKnown = await isKnownBrowser(parts.db, user?.id ?? NOBODY, browser.digest)
    const hits = [codeHit(input.email, browser.digest, isKnown), ...hitsHere]
    await parts.db.transaction((db) => parts.limiter.pass(db, hits, now))

    const digest = digestOfRecoveryCode(parts.secret, user?.id ?? NOBODY, input.code)
    const codes = await queries.codesOf(parts.db, user?.id ?? NOBODY)
    // Each is looked at, whichever it is.
    const [found] = codes.filter((code) => sameDigest(code.digest, digest))
    if (!user || !found || found.used_at || readCode(input.code) === undefined) {
      await noteWrongCode(parts, call, audience)
      return { outcome: 'wrong' }
    }
    const id = newId('rec', now)
    const challenge: Recovery = {
      ...{ id, purpose: 'sign-in', audience, return_to: returnTo },
      ...{ browser_digest: browser.digest, created_at: now },
    }
    const done = await completeBy(parts, call, { challenge, method: 'recovery-code', proof: PROOF }, async (db) => {
      // Before their code, as whoever makes the set anew does.
      const owner = await lockUser(db, user.id)
      if (!owner || !(await queries.useCode(db, digest, now))) return undefined
      return { user: owner, isKnownBrowser: isKnown }
    })
    const left = codes.filter((code) => code.used_at === null && code !== found).length
    if (done.outcome === 'signed-in') tellMethod(parts, call, done.signedIn.user, { kind: 'used', left })
    return done
  } catch (error) {
    if (error instanceof DatabaseOutage) parts.limiter.giveBackHere(hitsHere)
    throw error
  }
}

const codeHit = (email: Email, browserDigest: Buffer, isKnown: boolean): Hit =>
  isKnown
    ? { limit: limits.codeInKnownBrowser, subject: `${email.key} ${browserDigest.toString('base64')}` }
    : { limit: limits.codeForAddress, subject: email.key }

/** Nobody is known yet: whoever types a wrong code is not said to be the person whose address it is. */
async function noteWrongCode(parts: Parts, call: Call, audience: string): Promise<void> {
  const facts = { method: 'recovery-code', reason: 'wrong_recovery_code', audience }
  await parts.db.transaction(async (db) => {
    await parts.signal(db, { kind: 'sign-in.failed', subject: 'recovery-code', facts })
    const subject = { kind: 'challenge', id: 'recovery-code' }
    await parts.audit(db, { by: byCaller(call), action: 'sign-in.failed', subject, facts })
  })
}
