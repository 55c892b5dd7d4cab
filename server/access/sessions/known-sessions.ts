import type { Session } from '../../../sdk/contract.ts'
import type { LiveRow } from './session.ts'

/** A session as it was read, and when. */
export interface KnownSession {
  row: LiveRow
  readAt: Date
  issuedAt: Date
  isSuperseded: boolean
  /** False until the note that this handle has been seen is on its way to PostgreSQL. */
  isSeen: boolean
  /** As the row is told, once somebody has asked: the answer as text, up to its age. */
  said?: { session: Session; json: string }
  /** Since it last came to be the oldest. */
  isAskedFor?: boolean
}

/** Held after a garbage collection: 1.4 kB each, and 0.9 once it was answered; 460 MB at the very most. Those not used for long go first, and cost a look-up. */
const SESSIONS_MAX = 200_000

/** One more session costs no more than this, even when all of them were asked for. */
const PASSED_OVER_MAX = 32

/** Who else holds what was read before a change. */
interface Beside {
  bar(digests: Iterable<string>): void
  passOver(sessionId: string): void
  passOverWhere(isMeant: (row: LiveRow) => boolean): void
}

/** Digest of the handle → session. A cache: its loss costs latency only. */
export class KnownSessions {
  readonly #byDigest = new Map<string, KnownSession>()
  /** Nearly always one each: a set of one takes 200 bytes. */
  readonly #digestsBySession = new Map<string, string[]>()
  readonly #beside: Beside | undefined
  #forgotten = 0

  readonly #max: number

  constructor(beside?: Beside | undefined, max = SESSIONS_MAX) {
    this.#beside = beside
    this.#max = max
  }

  get(digest: string): KnownSession | undefined {
    const known = this.#byDigest.get(digest)
    // A mark and not a new place: to move it in the map with each question was a tenth of an answer from memory.
    if (known) known.isAskedFor = true
    return known
  }

  set(digest: string, known: KnownSession): void {
    this.#byDigest.delete(digest)
    this.#byDigest.set(digest, known)
    const digests = this.#digestsBySession.get(known.row.id)
    if (!digests) this.#digestsBySession.set(known.row.id, [digest])
    else if (!digests.includes(digest)) digests.push(digest)
    if (this.#byDigest.size > this.#max) this.#dropOldest()
  }

  /** After a change of the session: the next look-up reads it anew. */
  forget(sessionId: string): void {
    this.#beside?.passOver(sessionId)
    this.#beside?.bar(this.digestsOf(sessionId))
    this.#forget(sessionId)
  }

  /** All handles of it that are in memory. */
  digestsOf(sessionId: string): Iterable<string> {
    return this.#digestsBySession.get(sessionId) ?? []
  }

  #forget(sessionId: string): void {
    for (const digest of this.#digestsBySession.get(sessionId) ?? []) this.#byDigest.delete(digest)
    this.#digestsBySession.delete(sessionId)
  }

  /** After a change that is known by its people: one pass over all, some milliseconds of it. */
  forgetWhere(isMeant: (row: LiveRow) => boolean): void {
    this.#forgotten++
    this.#beside?.passOverWhere(isMeant)
    const ids = new Set<string>()
    for (const { row } of this.#byDigest.values()) if (isMeant(row)) ids.add(row.id)
    for (const id of ids) this.#forget(id)
  }

  /** Rises with each `forgetWhere`: what was being read meanwhile may be from before it, and is not kept. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** The older handles of this session are dead from now on; a newer one that was not seen yet is not. */
  supersedeOlder(seen: KnownSession): void {
    for (const digest of this.#digestsBySession.get(seen.row.id) ?? []) {
      const known = this.#byDigest.get(digest)
      if (!known || known.issuedAt >= seen.issuedAt) continue
      known.isSuperseded = true
      this.#beside?.bar([digest])
    }
  }

  /** A newer handle of this session was seen here. The note to PostgreSQL may still be on its way, and must not be raced. */
  hasSeenNewer(sessionId: string, issuedAt: Date): boolean {
    for (const digest of this.#digestsBySession.get(sessionId) ?? []) {
      const known = this.#byDigest.get(digest)
      if (known?.isSeen && known.issuedAt > issuedAt) return true
    }
    return false
  }

  get size(): number {
    return this.#byDigest.size
  }

  /** The oldest that was not asked for since it was the oldest before; whoever was, goes to the end. */
  #dropOldest(): void {
    let passedOver = 0
    for (const [digest, known] of this.#byDigest) {
      if (!known.isAskedFor || passedOver === PASSED_OVER_MAX) {
        this.#drop(digest)
        return
      }
      known.isAskedFor = false
      this.#byDigest.delete(digest)
      this.#byDigest.set(digest, known)
      passedOver++
    }
  }

  #drop(digest: string): void {
    const known = this.#byDigest.get(digest)
    this.#byDigest.delete(digest)
    if (!known) return
    const left = this.#digestsBySession.get(known.row.id)?.filter((each) => each !== digest) ?? []
    if (left.length > 0) this.#digestsBySession.set(known.row.id, left)
    else this.#digestsBySession.delete(known.row.id)
  }
}
