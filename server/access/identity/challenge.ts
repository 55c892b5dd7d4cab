import { createHash } from 'node:crypto'
import type { Secret } from '../../platform/secret.ts'

/** What a code or link is good for; one made for one purpose never serves another. */
export type Purpose = 'sign-in' | 'step-up' | 'enrol'

/** A sign-in that was begun in one browser and waits for the code or link of its mail. */
export interface Challenge {
  id: string
  purpose: Purpose
  browser_digest: Buffer
  /** As it is written to. */
  email: string
  email_key: string
  audience: string
  /** A whole URL, checked when the sign-in was begun. */
  return_to: string
  /** The browser that began it, in words. */
  device_name: string
  code_digest: Buffer
  link_digest: Buffer
  is_link_only: boolean
  enrolment_digest: Buffer | null
  /** Who has come back from a provider and proves an address by this; null: nobody. */
  arrival_id: string | null
  attempts: number
  created_at: Date
  expires_at: Date
  replaced_at: Date | null
  used_at: Date | null
}

export type ChallengeState = 'live' | 'used' | 'replaced' | 'expired'

/** ASVS 6.6.2 allows ten minutes; mail that takes longer than five has failed for whoever waits. */
export const CHALLENGE_LIFE_MS = 5 * 60_000
/** Five of a million: what a guess is worth, whoever guesses. */
export const ATTEMPTS_MAX = 5
const CODE_COUNT = 1_000_000n
const CODE_DIGITS = 6
/** Spaces and dashes between the digits are how people type and paste; more is no code. */
const TYPED_CODE_MAX = 32

export function stateOf(challenge: Challenge, now: Date): ChallengeState {
  if (challenge.used_at) return 'used'
  if (challenge.replaced_at) return 'replaced'
  return now >= challenge.expires_at ? 'expired' : 'live'
}

/**
 * The code of a link's token. It is derived, so that whoever opens the link in another browser can be shown the code,
 * while PostgreSQL holds nothing but digests. The token is 256 random bits, and the bias of the remainder is 2^-44.
 */
export function codeOfLink(secret: Secret, token: string): string {
  const number = secret.hmac('sign-in code of link', token).readBigUInt64BE(0) % CODE_COUNT
  return number.toString().padStart(CODE_DIGITS, '0')
}

/** Keyed, because a million codes are tried in a second; bound to one challenge and its purpose. */
export function digestOfCode(secret: Secret, challenge: { id: string; purpose: Purpose }, code: string): Buffer {
  return secret.hmac('sign-in code', `${challenge.id}\n${challenge.purpose}\n${code}`)
}

/** 256 random bits need no key. */
export const digestOfToken = (token: string) => createHash('sha256').update(token).digest()

const TOKEN = /^[A-Za-z0-9_-]{43}$/
export const isToken = (text: string) => TOKEN.test(text)

/** The six digits of what was typed; undefined: not a code, and not worth an attempt. */
export function readCode(typed: string): string | undefined {
  if (typed.length > TYPED_CODE_MAX) return undefined
  const digits = typed.normalize('NFKC').replace(/[\s-]/g, '')
  return /^[0-9]{6}$/.test(digits) ? digits : undefined
}
