import { createHash, hash } from 'node:crypto'
import { type ApplicationEvent, FORWARD_KEY_CONTEXT } from '../../../sdk/contract.ts'
import type { Brand } from './brand.ts'

/** What the SDK, forward-auth and this application's pages do while nobody can tell whether somebody is signed in. */
export interface OnUnknown {
  /** `serve`: old knowledge is good up to `max_age_s`. `refuse`: nothing older than a proof's ordinary life. */
  policy: 'serve' | 'refuse'
  max_age_s: number
}

/** What the SDK speaks for: an app of the operator's, its origins, and the key it proves itself with. */
export interface Application {
  /** `app_…`; also the audience of its sessions. */
  id: string
  name: string
  origins: readonly string[]
  on_unknown: OnUnknown
  brand: Brand
}

/** As the database has it. Times are text: the same row lies on disk as last known good. */
export interface ApplicationRow {
  id: string
  name: string
  origins: string[]
  on_unknown_policy: OnUnknown['policy']
  on_unknown_max_age_s: number
  brand: Partial<Brand>
  key_digest: string | null
  forward_key_sealed: string | null
  key_hint: string | null
  key_created_at: Date | string | null
  previous_key_digest: string | null
  previous_forward_key_sealed: string | null
  previous_key_valid_until: Date | string | null
  created_at: Date | string
  updated_at: Date | string
}

/** Signing in on Holdfast's own pages, without an application. */
export const ACCOUNT_AUDIENCE = 'account'
export const CONSOLE_AUDIENCE = 'console'

const KEY = /^hf_([a-z][a-z0-9-]{0,30})_app_([A-Za-z0-9_-]{43})$/
const HINT_LENGTH = 4

export const formatKey = (environment: string, secret: string) => `hf_${environment}_app_${secret}`
/** The environment a key was made in, read before any look-up; undefined: not one of ours. */
export const environmentOfKey = (key: string): string | undefined => KEY.exec(key)?.[1]
/** 256 random bits need no slow hash, and a look-up by digest tells nothing by its time. */
export const digestOfKey = (key: string) => hash('sha256', key, 'buffer')
/** The same as text: what a request is recognised by, each time. */
export const digestTextOfKey = (key: string) => hash('sha256', key, 'base64')
export const forwardKeyOf = (key: string) => createHash('sha256').update(FORWARD_KEY_CONTEXT).update(key).digest()
export const hintOfKey = (key: string) => key.slice(-HINT_LENGTH)

/** As long as revocations are remembered: whoever serves older knowledge could let somebody in who has been put out. */
export const MAX_AGE_MAX_S = 24 * 60 * 60
/** A proof's ordinary life; less would refuse what is good without any outage. */
export const MAX_AGE_MIN_S = 5 * 60
export const onUnknownDefault: OnUnknown = { policy: 'serve', max_age_s: MAX_AGE_MAX_S }

/** What its SDK is told of it. */
export const eventOf = ({ id, name, on_unknown, brand }: Application): ApplicationEvent => ({
  id,
  name,
  on_unknown,
  brand: { name: brand.name },
})
