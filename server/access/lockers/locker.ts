/** What an application keeps for one browser. */
export interface Locker {
  /** Null: it was emptied, and stays so. */
  content: string | null
  expires_at: Date
  changed_at: Date
}

/** Whose locker, and which. */
export interface LockerName {
  application: string
  /** 32 bytes. */
  key: Buffer
}

/** A cart, a half-filled form, a few messages. What is larger is a document, and wants a table of the app's own. */
export const CONTENT_BYTES_MAX = 16 * 1024

/** Of one application, emptied ones included: some gigabyte at worst. More is a robot that gets a new locker with each page. */
export const LOCKERS_MAX = 1_000_000

/** An expiry is moved once a minute at most, or a tenth of a shorter life: a page view is no write. */
const STEP_MS = 60_000
const STEP_SHARE = 0.1

/** When it will run out: never later than a session of Holdfast's own would. */
export function expiryOf(expiresInS: number, lifeMs: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(expiresInS * 1000, lifeMs))
}

/** Whether an expiry moves by so little that it is not worth a write. */
export function isSameExpiry(held: Date, wanted: Date, now: Date): boolean {
  const stepMs = Math.min(STEP_MS, (wanted.getTime() - now.getTime()) * STEP_SHARE)
  return Math.abs(wanted.getTime() - held.getTime()) < stepMs
}

export const hasExpired = ({ expires_at: expiresAt }: Pick<Locker, 'expires_at'>, now: Date) => expiresAt <= now
