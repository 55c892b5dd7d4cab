import { createHash } from 'node:crypto'
import type { Secret } from '../../../platform/secret.ts'
import type { Departure } from '../../providers/index.ts'

export type DeparturePurpose = 'sign-in' | 'step-up' | 'link'

/** Somebody who left for a provider and has not come back. */
export interface ProviderChallenge {
  id: string
  purpose: DeparturePurpose
  /** Who is signed in, where it is about somebody who is. */
  user_id: string | null
  /** The session that left to link something, and is to come back. Null: it is about none. */
  session_id: string | null
  provider_id: string
  /** What was begun under other settings is not finished under these. */
  provider_version: number
  browser_digest: Buffer
  audience: string
  return_to: string
  /** Where the browser has its cookie: an origin, and behind an app its prefix. */
  here: string
  /** The provider has to ask anew, and to say when it did. */
  wants_fresh: boolean
  /** The browser has said that it can keep a passkey. */
  has_passkeys: boolean
  departure_sealed: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

/** A password, a second factor and a telephone that has to be found first. */
export const DEPARTURE_LIFE_MS = 10 * 60_000
/** Tabs in which somebody has begun at the same time; of more, the oldest are over. */
export const DEPARTURES_IN_BROWSER_MAX = 8

/**
 * What is kept until the callback and is nobody else's; with it alone nothing can be had. Not how fresh it has to be: that is
 * counted from the departure, for whoever types a password and looks for a telephone takes minutes.
 */
export type Kept = Pick<Departure, 'state' | 'nonce' | 'codeVerifier'>

const PURPOSE = 'departure for a provider'

/** 256 random bits need no key. */
export const digestOfState = (state: string) => createHash('sha256').update(state).digest()

export const sealDeparture = (secret: Secret, { state, nonce, codeVerifier }: Departure): string =>
  secret.seal(PURPOSE, JSON.stringify({ state, nonce, codeVerifier }))

export const unsealDeparture = (secret: Secret, sealed: string): Kept =>
  JSON.parse(secret.unseal(PURPOSE, sealed)) as Kept
