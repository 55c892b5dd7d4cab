import { createHash } from 'node:crypto'
import { FORWARD_KEY_CONTEXT } from '../../../sdk/contract.ts'

/** What the SDK speaks for: an app of the operator's, its origins, and the key it proves itself with. */
export interface Application {
  /** `app_…`; also the audience of its sessions. */
  id: string
  name: string
  origins: readonly string[]
}

export interface ApplicationRow {
  id: string
  name: string
  origins: string[]
  key_digest: string | null
  forward_key_sealed: string | null
}

/** Signing in on Holdfast's own pages, without an application. */
export const ACCOUNT_AUDIENCE = 'account'
export const CONSOLE_AUDIENCE = 'console'

const KEY = /^hf_([a-z][a-z0-9-]{0,30})_app_([A-Za-z0-9_-]{43})$/

export const formatKey = (environment: string, secret: string) => `hf_${environment}_app_${secret}`
/** The environment a key was made in, read before any look-up; undefined: not one of ours. */
export const environmentOfKey = (key: string): string | undefined => KEY.exec(key)?.[1]
/** 256 random bits need no slow hash. */
export const digestOfKey = (key: string) => createHash('sha256').update(key).digest()
export const forwardKeyOf = (key: string) => createHash('sha256').update(FORWARD_KEY_CONTEXT).update(key).digest()
