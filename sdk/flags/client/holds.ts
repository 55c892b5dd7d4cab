import { missingKeys } from '../judge-snapshot.ts'
import { type KeyName, nameOf, type Parsed } from '../snapshot.ts'

/**
 * What a client holds while it refuses what access offers, told by names: a restore buries those that nobody at access
 * knows any more, or this client could never follow it. What flags say is never told.
 */
export interface Holds {
  /** Of the snapshot that is held: all who hold the same one say the same. */
  digest: string
  keys: KeyName[]
}

/** Some ten flags were made since a backup; who lost more than this lost everything, and a restore has it from elsewhere. */
export const HELD_KEYS_MAX = 1_000

/** What is held and was offered to be gone comes first: access has the rest, it has just offered it. */
export function holdsOf({ header, body }: Parsed, offered: Parsed): Holds {
  const missing = missingKeys(body, offered.body)
  const told = new Set(missing.map(nameOf))
  const all: KeyName[] = [
    ...Object.keys(body.flags).map((key) => ({ kind: 'flag' as const, key })),
    ...Object.keys(body.evaluators).map((key) => ({ kind: 'evaluator' as const, key })),
  ]
  const others = all.filter((name) => !told.has(nameOf(name)))
  return { digest: header.digest, keys: [...missing, ...others].slice(0, HELD_KEYS_MAX) }
}
