import type { Connection } from './connection.ts'

/** Whose cache it is: one key that all who might use this instance look at. */
export interface CacheStamp {
  /** The same for everybody. */
  key: string
  /** Ours; undefined while it is not known yet: until then nothing is written. */
  read(): string | undefined
}

export type StampSeen = { whose: 'ours'; isNew: boolean } | { whose: 'foreign'; found: string }

/** An instance that its owner left a day ago is free for the next. */
const STAMP_LIFE_MS = 24 * 60 * 60_000
/** What others wrote there is shown: no more of it than a stamp has. */
const SHOWN_MAX = 300

/**
 * Reads the stamp, and puts ours where there is none. Clockwork 2022: Demo and Production shared one Redis, and one of them
 * wiped it. Of two that come to an empty one at once, one puts its stamp and the other reads it.
 */
export async function checkStamp(connection: Connection, key: string, ours: string): Promise<StampSeen> {
  const before = await connection.get(key)
  // Read first: a full instance refuses every write, also one that would change nothing.
  const isNew = before === null && (await connection.set(key, ours, { ms: STAMP_LIFE_MS, how: 'if-absent' }))
  const found = (before ?? (await connection.get(key)))?.toString('utf8') ?? ''
  if (found !== ours) return { whose: 'foreign', found: found.slice(0, SHOWN_MAX) }
  await connection.prolong(key, STAMP_LIFE_MS)
  return { whose: 'ours', isNew }
}
