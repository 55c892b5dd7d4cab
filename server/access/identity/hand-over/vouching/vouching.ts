/** Our origin asks an app's who is signed in there, so that they enrol a passkey here. */
export interface Vouching {
  id: string
  /** At our origin: there the session begins. */
  browser_digest: Buffer
  /** The application that is asked. */
  audience: string
  /** Its origin, with the prefix below which it forwards. */
  here: string
  return_to: string
  created_at: Date
  expires_at: Date
  /** Whose page led here. */
  user_id: string
  session_id: string | null
  code_expires_at: Date | null
  used_at: Date | null
}

/** Once the app has said who it is. */
export type Vouched = Vouching & { session_id: string; code_expires_at: Date }

/** Enrolling takes a minute, and finding a security key some more; the session is for nothing else. */
export const VOUCHED_LIFE_MS = 15 * 60_000
/** Tabs in which somebody has begun at the same time; of more, the oldest are over. */
export const VOUCHINGS_IN_BROWSER_MAX = 8

/** At our origin, where it begins. */
export const ASK_PATH = '/account/passkeys/for-app'
/** At the app's. */
export const VOUCH_PATH = '/account/passkeys/vouch'
/** At our origin again, with the code. */
export const VOUCHED_PATH = '/account/passkeys/vouched'
