import { isObject } from '../definition.ts'

/** `localStorage`, or what behaves like it. */
export interface KeyValueStorage {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

/** What lies in the storage, by digests. Nothing of it is believed before it was judged. */
export interface Stored {
  /** The list of keys by address and environment. */
  keys: Record<string, unknown>
  /** Answers by address, environment and person. */
  people: Record<string, unknown>
}

const NAME = 'holdfast.flags'
/** Of so many people on one browser, and so no more lists; what was kept longest ago goes first. */
const KEPT_MAX = 5

/** Undefined: something lies there, and cannot be read. */
export function readStored(storage: KeyValueStorage): Stored | undefined {
  try {
    const all: unknown = JSON.parse(storage.getItem(NAME) ?? '{}')
    if (!isObject(all)) return undefined
    const { keys = {}, people = {} } = all
    return isObject(keys) && isObject(people) ? { keys, people } : undefined
  } catch {
    return undefined
  }
}

export function writeStored(storage: KeyValueStorage, put: { keys: [string, unknown]; people: [string, unknown] }) {
  const stored = readStored(storage) ?? { keys: {}, people: {} }
  const all = { keys: withNewest(stored.keys, put.keys), people: withNewest(stored.people, put.people) }
  try {
    storage.setItem(NAME, JSON.stringify(all))
  } catch {
    // Full, or forbidden: a page answers without it, and only the next start with Holdfast away does not.
  }
}

function withNewest({ ...others }: Record<string, unknown>, [name, value]: [string, unknown]) {
  delete others[name]
  return Object.fromEntries([...Object.entries(others).slice(1 - KEPT_MAX), [name, value]])
}
