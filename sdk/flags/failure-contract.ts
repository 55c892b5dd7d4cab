/** What a flag wants to be answered when it is not known whether its answer still holds. Flat, because metadata may not be nested. */
import type { FlagMetadata, FlagType, FlagValue } from './definition.ts'
import { isObject } from './definition.ts'

/** `last-known`, `value` or `refuse`; left out: `last-known`. */
export const ON_UNKNOWN_KEY = 'holdfast.on_unknown'
/** With `value`: the value itself, or for a flag whose values are objects one in JSON. */
export const ON_UNKNOWN_VALUE_KEY = 'holdfast.value'
/** Seconds after which what was not confirmed counts as unknown; left out: as long as the client is not stale. */
export const MAX_AGE_KEY = 'holdfast.max_age'

/** All of them: whoever has none says nothing of an outage. */
export const CONTRACT_KEYS = [ON_UNKNOWN_KEY, ON_UNKNOWN_VALUE_KEY, MAX_AGE_KEY] as const

export interface FailureContract {
  onUnknown: 'last-known' | 'value' | 'refuse'
  value: FlagValue | undefined
  /** Null: unknown is what the client as a whole calls stale. */
  maxAgeMs: number | null
}

export const LAST_KNOWN: FailureContract = Object.freeze({ onUnknown: 'last-known', value: undefined, maxAgeMs: null })

/** As the metadata of a flag says, those of its set included. What cannot be meant is `last-known`: no answer changes by it. */
export function failureContractOf(metadata: FlagMetadata): FailureContract {
  if (metadata[ON_UNKNOWN_KEY] === undefined || contractProblem(metadata) !== undefined) return LAST_KNOWN
  const onUnknown = metadata[ON_UNKNOWN_KEY] as FailureContract['onUnknown']
  const maxAge = metadata[MAX_AGE_KEY] as number | undefined
  return {
    onUnknown,
    value: onUnknown === 'value' ? metadata[ON_UNKNOWN_VALUE_KEY] : undefined,
    maxAgeMs: maxAge === undefined ? null : maxAge * 1000,
  }
}

export interface ContractProblem {
  /** Of the metadata: where it has to be put right. */
  name: string
  message: string
}

/** Why the contract in these metadata cannot be meant, and what to write instead. `type`: of the flag; a set has none. */
export function contractProblem(metadata: FlagMetadata, type?: FlagType): ContractProblem | undefined {
  const onUnknown = metadata[ON_UNKNOWN_KEY] ?? 'last-known'
  const maxAge = metadata[MAX_AGE_KEY]
  const problem = (name: string, message: string) => ({ name, message })
  if (onUnknown !== 'last-known' && onUnknown !== 'value' && onUnknown !== 'refuse')
    return problem(
      ON_UNKNOWN_KEY,
      `Write last-known, value or refuse as ${ON_UNKNOWN_KEY}: ${JSON.stringify(onUnknown)} is none of them.`,
    )
  if (maxAge !== undefined && !(typeof maxAge === 'number' && maxAge >= 0 && maxAge < Number.POSITIVE_INFINITY))
    return problem(
      MAX_AGE_KEY,
      `Write a number of seconds, 0 or more, as ${MAX_AGE_KEY}: ${JSON.stringify(maxAge)} is none.`,
    )
  if (onUnknown !== 'value') return undefined
  const value = metadata[ON_UNKNOWN_VALUE_KEY]
  if (value === undefined)
    return problem(ON_UNKNOWN_VALUE_KEY, `Write which value in ${ON_UNKNOWN_VALUE_KEY}: ${ON_UNKNOWN_KEY} is "value".`)
  if (type === undefined || contractValue({ value }, type) !== undefined) return undefined
  return problem(
    ON_UNKNOWN_VALUE_KEY,
    `Write ${WRITTEN_AS[type]} as ${ON_UNKNOWN_VALUE_KEY}, as the variants are: ${JSON.stringify(value)} is none.`,
  )
}

const WRITTEN_AS: Record<FlagType, string> = {
  boolean: 'true or false',
  string: 'a text',
  number: 'a number',
  object: 'an object in JSON, inside a text,',
}

/** The contract's value as the type that is asked for; undefined: it is of another. */
export function contractValue({ value }: Pick<FailureContract, 'value'>, type: FlagType): FlagValue | undefined {
  if (type !== 'object') return typeof value === type ? value : undefined
  if (typeof value !== 'string') return undefined
  try {
    const read: unknown = JSON.parse(value)
    return isObject(read) ? read : undefined
  } catch {
    return undefined
  }
}
