import { createHash } from 'node:crypto'
import type { Secret } from '../../../platform/secret.ts'
import { sameDigest } from '../../../platform/secret.ts'

/** A place in a line: everything up to it, itself included, is sealed. As text: both are 64 bits. */
export interface Place {
  xid: string
  id: string
}
export const BEGINNING: Place = { xid: '0', id: '0' }
/** Behind every transaction: where a line ends that another one followed. */
export const END: Place = { xid: '18446744073709551615', id: '0' }
export const isPlace = (one: Place, other: Place) => one.xid === other.xid && one.id === other.id

/** What is sealed of an entry. */
export interface SealedEntry {
  id: string
  xid: string
  /** Microseconds since 1970: what PostgreSQL holds, to the last digit. */
  at_us: string
  action: string
  actor_kind: string
  actor_id: string
  impersonator_id: string | null
  subject_kind: string
  subject_id: string
  organization_id: string | null
  /** As PostgreSQL writes jsonb: keys in its own order, numbers as they were. */
  facts: string
  address: string | null
  user_agent: string | null
  personal_salt: Buffer | null
  personal_digest: Buffer | null
}

export interface SealRow {
  number: string
  line: number
  after_id: string
  from_xid: string
  from_id: string
  to_xid: string
  to_id: string
  count: number
  first_id: string | null
  last_id: string | null
  leaves: Buffer
  previous_digest: Buffer
  digest: Buffer
  mac: Buffer
  sealed_at: Date
}

const DIGEST_BYTES = 32
const ID_BYTES = 8
const LEAF_BYTES = ID_BYTES + DIGEST_BYTES
/** What the first batch of all hangs on. */
export const NO_DIGEST = Buffer.alloc(DIGEST_BYTES)

const sha256 = (...parts: (Buffer | string)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Everything an entry says, but of its personal parts only the digest. */
export function digestOfEntry(entry: SealedEntry): Buffer {
  const { id, xid, at_us, action, actor_kind, actor_id, impersonator_id } = entry
  const { subject_kind, subject_id, organization_id, facts, personal_digest } = entry
  const who = [actor_kind, actor_id, impersonator_id]
  const whom = [subject_kind, subject_id, organization_id]
  return sha256(JSON.stringify([id, xid, at_us, action, who, whom, facts, personal_digest?.toString('hex') ?? null]))
}

export function leavesOf(entries: readonly SealedEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const id = Buffer.alloc(ID_BYTES)
      id.writeBigInt64BE(BigInt(entry.id))
      return [id, digestOfEntry(entry)]
    }),
  )
}

export function readLeaves(leaves: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (let at = 0; at + LEAF_BYTES <= leaves.length; at += LEAF_BYTES) {
    found.set(leaves.readBigInt64BE(at).toString(), leaves.subarray(at + ID_BYTES, at + LEAF_BYTES))
  }
  return found
}

/** Over the digest before it, the batch's own bounds, and each of its entries. */
export function digestOfSeal(seal: Omit<SealRow, 'digest' | 'mac'>): Buffer {
  const { number, line, after_id, from_xid, from_id, to_xid, to_id, count, first_id, last_id } = seal
  const bounds = [from_xid, from_id, to_xid, to_id]
  const facts = [number, line, after_id, bounds, count, first_id, last_id, seal.sealed_at.toISOString()]
  return sha256(seal.previous_digest, JSON.stringify(['holdfast audit 1', ...facts]), seal.leaves)
}

/** Keyed: whoever owns the database and not the secret file can make no chain that holds. */
export const macOfSeal = (secret: Secret, digest: Buffer) => secret.hmac('audit seal', digest)

export interface AnchorRow {
  number: string
  line: number
  to_xid: string
  to_id: string
  digest: Buffer
  /** How many entries retention has deleted in all. */
  entries: string
  mac: Buffer
  retained_at: Date
}

export function macOfAnchor(secret: Secret, anchor: Omit<AnchorRow, 'mac'>): Buffer {
  const { number, line, to_xid, to_id, digest, entries, retained_at } = anchor
  const facts = [number, line, to_xid, to_id, digest.toString('hex'), entries, retained_at.toISOString()]
  return secret.hmac('audit anchor', JSON.stringify(facts))
}

export const isMac = sameDigest
