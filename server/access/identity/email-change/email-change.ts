import type { Secret } from '../../../platform/secret.ts'
import { sameDigest } from '../../../platform/secret.ts'

/** How the new address is proven: a code typed in the browser that asked, or, asked for by staff, a link. */
export type Proof = 'code' | 'link'

export interface EmailChange {
  id: string
  user_id: string
  requested_by: string
  proof: Proof
  browser_digest: Buffer | null
  /** The session that began it and is to type the code; null: whoever opens the link. */
  session_id: string | null
  old_email: string
  old_email_key: string
  new_email: string
  new_email_key: string
  is_possible: boolean
  attempts: number
  created_at: Date
  expires_at: Date
  replaced_at: Date | null
  confirmed_at: Date | null
  undo_until: Date | null
  undone_at: Date | null
}

export type ChangeState = 'open' | 'confirmed' | 'undone' | 'over'

/** ASVS 6.6.2. */
export const CODE_LIFE_MS = 10 * 60_000
/** Not a sign-in: whoever opens the link proves that they read the mailbox, and is let in nowhere by it. */
export const LINK_LIFE_MS = 24 * 3_600_000
/** Long enough to come back from a weekend and read the mail about it. */
export const UNDO_MS = 7 * 24 * 3_600_000
export const ATTEMPTS_MAX = 5

export function changeState(change: EmailChange, now: Date): ChangeState {
  if (change.undone_at) return 'undone'
  if (change.confirmed_at) return 'confirmed'
  return change.replaced_at || now >= change.expires_at ? 'over' : 'open'
}

const CODE_COUNT = 1_000_000n
const CODE_DIGITS = 6

/** Derived from the id under the secret: PostgreSQL holds neither the code nor anything to try it against. */
export function codeOf(secret: Secret, id: string): string {
  const number = secret.hmac('code of a change of address', id).readBigUInt64BE(0) % CODE_COUNT
  return number.toString().padStart(CODE_DIGITS, '0')
}

export function isCodeOf(secret: Secret, id: string, code: string): boolean {
  const digest = (text: string) => secret.hmac('compare a code of a change of address', text)
  return sameDigest(digest(code), digest(codeOf(secret, id)))
}

export type LinkPurpose = 'prove' | 'undo'
const LINK = /^(emc_[0-9a-z]{1,40})\.([A-Za-z0-9_-]{43})$/
const signature = (secret: Secret, purpose: LinkPurpose, id: string) =>
  secret.hmac(`link to ${purpose} a change of address`, id)

/** Signed, so that none has to be kept; what it is good for is used up in the row. */
export function linkToken(secret: Secret, purpose: LinkPurpose, id: string): string {
  return `${id}.${signature(secret, purpose, id).toString('base64url')}`
}

/** Undefined: not one of ours, or made for the other purpose. */
export function readLinkToken(secret: Secret, purpose: LinkPurpose, token: string): string | undefined {
  const [, id, signed] = LINK.exec(token) ?? []
  if (!id || !signed) return undefined
  return sameDigest(Buffer.from(signed, 'base64url'), signature(secret, purpose, id)) ? id : undefined
}
