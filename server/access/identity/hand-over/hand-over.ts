import { createHash } from 'node:crypto'

/** A sign-in by passkey that left an app's origin for ours, where the ceremony is, and has not come back. */
export interface HandOver {
  id: string
  purpose: 'sign-in' | 'step-up'
  /** Who is signed in at the app, where they prove it once more. */
  user_id: string | null
  /** At the app's origin: there the session begins. */
  browser_digest: Buffer
  /** The application. */
  audience: string
  return_to: string
  /** The app's origin, with the prefix below which it forwards. */
  here: string
  created_at: Date
  expires_at: Date
  /** The one browser at our origin that came with the state. */
  claimed_by: Buffer | null
  passkey_id: string | null
  shown_at: Date | null
  code_expires_at: Date | null
  used_at: Date | null
}

/** Below the way in by passkey, so that it has the connections of the fall-back. On an app's origin. */
export const AWAY_PATH = '/sign-in/passkey/away'
/** At our origin: with the state in its query once, and with the id of the hand-over at its end from then on. */
export const FOR_PATH = '/sign-in/passkey/for'
/** On the app's origin, with the code. */
export const ARRIVED_PATH = '/sign-in/passkey/arrived'

/** A telephone or a security key that has to be found first. */
export const HAND_OVER_LIFE_MS = 10 * 60_000
/** A redirect; whoever comes later begins again. */
export const CODE_LIFE_MS = 60_000
/** Tabs in which somebody has begun at the same time; of more, the oldest are over. */
export const HAND_OVERS_IN_BROWSER_MAX = 8

/** Of a state or a code: 256 random bits need no key. */
export const digestOfSecret = (secret: string) => createHash('sha256').update(secret).digest()

/** Where the browser goes, and what it takes with it. */
export const addressOf = (origin: string, path: string, field: 'state' | 'code', secret: string) =>
  `${origin}${path}?${field}=${secret}`
