import { REVOCATION_KEPT_MS } from '../../../sdk/contract.ts'
import { reapplyTombstones, removePasskeysAgain, unlinkAgain } from '../../access/identity/index.ts'
import { beginNewLine } from '../../ground/audit/index.ts'
import { erasers } from '../../people.ts'
import type { Queries } from '../../platform/database/index.ts'
import type { Secret } from '../../platform/secret.ts'
import * as queries from './queries.ts'
import type { AnyTombstone, KnownEnds } from './revocation-files.ts'

export interface MakeSafe {
  now: Date
  secret: Secret
  ends: KnownEnds
  /** Who was deleted since, and which passkeys were removed. */
  tombstones: readonly AnyTombstone[]
  /** Whether none is missing since the backup, whose last removal had this number: otherwise nobody knows what was removed. */
  coversRemovals(after: number): boolean
  /** Somebody has decided that sessions whose end may be unknown stay live. */
  keepSessions: boolean
}

export interface Safety {
  /** Ends that were known from disks, and written. */
  endedAsKnown: number
  /** Ends because nobody knows whether they had ended. */
  endedAsRestored: number
  /** Live, of which some may have been ended by somebody after the backup; 0 when that is known. */
  mayBeResurrected: number
  stillLive: number
  /** What applications kept for browsers: nobody knows which of it was emptied since. */
  emptiedLockers: number
  voidedCodes: number
  /** Looser policies that waited for their day. */
  withdrawnPolicies: number
  /** What was held of providers that were in trouble, or ordered to be taken for it. */
  forgottenVerdicts: number
  deletedAgain: number
  /** Passkeys that their owners had removed since. */
  passkeysRemovedAgain: number
  /** Nobody knows whether they were: they open nothing until their owners say that they are theirs. */
  unconfirmedPasskeys: number
}

/** More ends than any installation could have had since its backup. */
const LEAP = 1_000_000
const BY = 'command line'

/**
 * After the rows are back: what had ended since the backup must not live again. What is known from disks is ended with its
 * reason; what nobody can know is ended as `restored`; the rest, and only then, stays. One transaction of the caller's.
 */
export async function makeSafe(db: Queries, options: MakeSafe): Promise<Safety> {
  const { now, ends, secret } = options
  const isCovered = ends.coversFrom(await queries.revocationHead(db))
  const people = options.tombstones.filter((stone) => 'user_id' in stone)
  const passkeys = options.tombstones.filter((stone) => 'passkey_id' in stone)
  const deletedAgain = await reapplyTombstones(db, people, {
    secret,
    erasers: Object.values(erasers),
  })
  const passkeysRemovedAgain = await removePasskeysAgain(
    db,
    passkeys.map((stone) => stone.passkey_id),
  )
  const unlinked = options.tombstones.filter((stone) => 'linked_identity_id' in stone)
  await unlinkAgain(
    db,
    unlinked.map((stone) => stone.linked_identity_id),
  )
  // `keepSessions` speaks of sessions alone: a passkey that was stolen and removed must not come back by it.
  const isTrusted = options.coversRemovals(await queries.removalHead(db))
  const unconfirmedPasskeys = isTrusted ? 0 : await queries.doubtPasskeys(db, now)
  await queries.leapRemovals(db, LEAP)
  await queries.leapRevocations(db, LEAP)
  const endedAsKnown = ends.ends.length > 0 ? await queries.endKnown(db, newestEach(ends), BY) : 0
  const forgetAt = new Date(now.getTime() + REVOCATION_KEPT_MS)
  const endedAsRestored =
    isCovered || options.keepSessions ? 0 : await queries.endLive(db, { reason: 'restored', by: BY, at: now, forgetAt })
  const stillLive = await queries.countLive(db)
  const emptiedLockers = options.keepSessions ? 0 : await queries.emptyLockers(db, now)
  const voidedCodes = await queries.voidCodes(db, now)
  await queries.forgetRefreshTokens(db)
  const withdrawnPolicies = await queries.withdrawPolicies(db, now)
  const forgottenVerdicts = await queries.forgetVerdicts(db, BY)
  await beginNewLine(db, now)
  return {
    endedAsKnown,
    endedAsRestored,
    mayBeResurrected: isCovered ? 0 : stillLive,
    stillLive,
    emptiedLockers,
    voidedCodes,
    withdrawnPolicies,
    forgottenVerdicts,
    deletedAgain,
    passkeysRemovedAgain,
    unconfirmedPasskeys,
  }
}

/** A session stands in as many files as have heard of its end. */
const newestEach = ({ ends }: KnownEnds) => [...new Map(ends.map((end) => [end.sessionId, end])).values()]
