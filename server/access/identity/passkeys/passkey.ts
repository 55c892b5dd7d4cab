import { createHash } from 'node:crypto'
import type { Enrolled } from '../fail-over/may-enter.ts'

/** A key that a person keeps on a device or in a password manager, known here by its public half. */
export interface Passkey {
  id: string
  credential_id: Buffer
  user_id: string
  rp_id: string
  public_key: Buffer
  counter: number
  transports: string[]
  /** It may be copied to other devices, by its keeper. */
  is_multi_device: boolean
  is_backed_up: boolean
  name: string
  /** Through which the session had come in which it was made; null: by a way of ours. */
  enrolled_by_provider: string | null
  /** How the person had proved who they are then; of one that another passkey enrolled, what had been shown for that one. */
  root_amr: string[]
  root_acr: 'single' | 'multiple'
  root_provider: string | null
  root_at: Date
  /** Since it came back from a backup, and until its owner says that it is still theirs, it opens nothing. */
  unconfirmed_since: Date | null
  created_at: Date
  last_used_at: Date | null
  /** Since its counter went back, as that of a copy would, it opens nothing; null: it never did. */
  copied_at: Date | null
}

type Kept = Pick<Passkey, 'unconfirmed_since' | 'copied_at'>

/** Why one that is kept opens nothing, wherever it is shown; undefined: it opens what it opens. */
export function whyUnusable({
  unconfirmed_since,
  copied_at,
}: Kept): 'passkey_copied' | 'passkey_unconfirmed' | undefined {
  if (copied_at !== null) return 'passkey_copied'
  return unconfirmed_since === null ? undefined : 'passkey_unconfirmed'
}

/** One that came back from a backup, or that seems copied, opens nothing, and nobody is asked for it. */
export const isUsable = (passkey: Kept) => whyUnusable(passkey) === undefined

/** As the policies of organisations ask. */
export const enrolledAs = (
  passkey: Pick<Passkey, 'created_at' | 'enrolled_by_provider' | 'root_acr' | 'root_provider' | 'root_at'>,
): Enrolled => ({
  at: passkey.created_at,
  byProvider: passkey.enrolled_by_provider,
  root: { acr: passkey.root_acr, provenBy: passkey.root_provider, at: passkey.root_at },
})

export type PasskeyPurpose = 'enrol' | 'sign-in' | 'step-up'

/** A ceremony that was begun in one browser and waits for its authenticator. */
export interface PasskeyChallenge {
  id: string
  purpose: PasskeyPurpose
  /** Null: whoever comes. */
  user_id: string | null
  browser_digest: Buffer
  audience: string
  return_to: string
  /** The hand-over of an app's origin that it is for: it begins no session here. Null: it does. */
  hand_over_id: string | null
  /** The session that began it and is to finish it. Null: it is about none. */
  session_id: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

/** A few devices, a few password managers, and room; each is one more key to lose. */
export const PASSKEYS_MAX = 20
/** As long as a mailed code; a page that stays open asks for a new one before. */
export const CHALLENGE_LIFE_MS = 5 * 60_000
/** Tabs that wait for one browser's autofill at the same time; of more, the oldest are over. */
export const CHALLENGES_IN_BROWSER_MAX = 8
/** WebAuthn 3 §7.1 step 25. */
export const CREDENTIAL_ID_BYTES_MAX = 1023
const NAME_LENGTH_MAX = 100

/** 256 random bits need no key. */
export const digestOfChallenge = (challenge: string) => createHash('sha256').update(challenge).digest()

/** As it was typed; undefined: it cannot be kept. */
export function readName(typed: string): string | undefined {
  const name = typed
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return name.length > 0 && name.length <= NAME_LENGTH_MAX && name.isWellFormed() ? name : undefined
}

/**
 * RFC 8176. A key that may be copied counts as kept in software, backed up already or not: it can leave its device at
 * any moment. `user`: somebody was there and showed it, which is asked for each time.
 */
export const methodsOf = ({ is_multi_device }: Pick<Passkey, 'is_multi_device'>) => [
  is_multi_device ? 'swk' : 'hwk',
  'user',
]
