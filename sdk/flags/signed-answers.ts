/**
 * What access signs of its answers to one person, so that a browser may keep them: one text, which both sides make for
 * themselves. It says nothing of the time: the number says how new it is, and an answer that is remembered keeps its signature.
 */
import { isObject } from './definition.ts'
import type { SignedKeyList } from './snapshot.ts'

export const ANSWERS_TYPE = 'holdfast-answers-1'
/** Here ends what is signed of a body: where changes are announced is a secret, and another one each hour. */
export const ANSWERS_END = ',"eventStreams":'

/** The headers, of a question and of what it is answered. */
export const SIGNING = {
  /** Asks for a signature. Its value is the tag of the list of keys that the asker has, or `none`. */
  ask: 'holdfast-flags-sign',
  /** `<kid>.<signature>`; missing: it could not be signed, and is an answer all the same. */
  signature: 'holdfast-flags-signature',
  /** The list of keys, which the root has signed: when the asker has another one. */
  keys: 'holdfast-flags-keys',
} as const

export const NO_KEYS = 'none'
/** No two lists were signed alike, not even of two roots and with one number. */
export const tagOfKeys = ({ signature }: SignedKeyList) => signature.slice(0, 16)

/** What a signature is about. */
export interface AnswersClaim {
  installation_id: string
  environment: string
  /** `e3.s1893`. */
  number: string
  /** SHA-256 of `personIn` the context, in base64url. */
  person: string
  /** SHA-256 of `answersDigestText`, in base64url. */
  digest: string
}

/** None of its parts can hold a newline. */
export const answersText = ({ installation_id, environment, number, person, digest }: AnswersClaim) =>
  [ANSWERS_TYPE, installation_id, environment, number, person, digest].join('\n')

/** `text`: the body, as far as `ANSWERS_END`. */
export const answersDigestText = (environment: string, text: string) => `${environment}\n${text}`

/** Whom answers are about: the key of whoever asks, and nobody in particular without one. */
export function personIn(context: unknown): string {
  const key: unknown = isObject(context) ? context.targetingKey : undefined
  if (typeof key === 'string') return key
  return key === undefined || key === null ? '' : JSON.stringify(key)
}
