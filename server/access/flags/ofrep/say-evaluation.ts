import { hash } from 'node:crypto'
import type { Evaluation } from '../../../../sdk/evaluate.ts'

/** What is said of one answer, as an item of the protocol. */
export interface SaidItem {
  json: string
  /** 128 bits of its SHA-256: a tag of many answers is made of theirs, and not of their texts. */
  digest: string
}

/** An answer is one object for all who get it, and so is what is said of it. */
const said = new WeakMap<Evaluation, SaidItem>()
/** Letters of base64url. */
const DIGEST_LENGTH = 22

/** An item of the protocol, as JSON: a success, or a failure that is that flag's alone. */
export function sayEvaluation(key: string, evaluation: Evaluation): SaidItem {
  const known = said.get(evaluation)
  if (known !== undefined) return known
  const json = JSON.stringify(itemOf(key, evaluation))
  const item = { json, digest: hash('sha256', json, 'base64url').slice(0, DIGEST_LENGTH) }
  // A failure is made anew each time: nothing would be found again.
  if (evaluation.errorCode === undefined) said.set(evaluation, item)
  return item
}

export interface Item {
  key: string
  reason?: string
  variant?: string
  value?: unknown
  errorCode?: string
  errorDetails?: string
  metadata?: Record<string, string | number | boolean>
}

/** Without a value the caller's own default counts: switched off, or no variant by default. */
export function itemOf(key: string, evaluation: Evaluation): Item {
  const { value, variant, reason, errorCode, errorMessage, flagMetadata } = evaluation
  const metadata = plainMetadata(flagMetadata)
  if (errorCode !== undefined) return { key, errorCode, errorDetails: errorMessage ?? '', ...metadata }
  if (value !== undefined && !isSayable(value)) {
    const errorDetails = `The variant ${variant} of flag ${key} is neither boolean, text, number nor object.`
    return { key, errorCode: 'GENERAL', errorDetails, ...metadata }
  }
  return { key, reason, ...(variant !== undefined && { variant }), ...(value !== undefined && { value }), ...metadata }
}

/** The protocol has no lists and no null; what is saved has neither, and what came some other way may. */
const isSayable = (value: unknown) =>
  typeof value === 'object'
    ? value !== null && !Array.isArray(value)
    : Number.isFinite(value) || typeof value !== 'number'

/** Clients drop what is nested, and so does the schema. */
function plainMetadata(given: Readonly<Record<string, unknown>>): Pick<Item, 'metadata'> {
  const plain = Object.entries(given).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value),
  )
  return plain.length === 0 ? {} : { metadata: Object.fromEntries(plain) as Record<string, string | number | boolean> }
}
