import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'
import * as queries from './queries.ts'
import type { Token } from './token.ts'

/** An installation has dozens. What is beyond is looked up one by one, and not known in an outage. */
const STANDING_MAX = 1000
/** Tokens that ended while this process ran; who is asked about them holds an address that is good for two hours at most. */
const ENDED_MAX = 1000

/**
 * Every token that may ask flags, in memory and on disk as last known good: an outage shuts nobody out, also not from a
 * process that starts in it. The disk holds digests, as the tables do.
 */
export interface StandingTokens {
  find(digest: Buffer): Token | undefined
  /** `ended`: it was revoked, or has run out. `unknown`: not heard of here, as one that was made a second ago elsewhere. */
  stateOf(id: string): 'live' | 'ended' | 'unknown'
  /** Some browser token names it. True while nobody knows: what comes after decides. */
  hasOrigin(origin: string): boolean
  /** It was revoked here: other processes read it within two seconds. */
  forget(id: string): void
  reload(): Promise<void>
}

type Kept = Omit<Token, 'digest'> & { digest: string }

export async function openStandingTokens(options: {
  db: Database
  clock: Clock
  file: string
  log?: Pick<Logger, 'warn'>
}): Promise<StandingTokens> {
  const { db, clock, file, log } = options
  let keptText = (await readFileIfThere(file)) ?? ''
  let byDigest = new Map<string, Token>()
  let byId = new Map<string, Token>()
  let origins = new Set<string>()
  let isConfirmed = false
  const ended = new Set<string>()
  const kept = keptText === '' ? [] : parsed(keptText)
  // Bad bytes stop no start: PostgreSQL has the truth, and the file is written anew from it.
  if (!kept) log?.warn({ file }, 'the kept tokens are damaged; none is known until the database has told')
  adopt(kept ?? [])
  if (!kept) keptText = ''

  function end(id: string): void {
    ended.add(id)
    if (ended.size > ENDED_MAX) ended.delete(ended.values().next().value!)
  }

  function adopt(rows: readonly Kept[]): void {
    const now = new Set(rows.map(({ id }) => id))
    // Of a full list, one that is missing may only have had to make room.
    if (now.size < STANDING_MAX) for (const id of byId.keys()) if (!now.has(id)) end(id)
    byDigest = new Map(rows.map((row) => [row.digest, row]))
    byId = new Map(rows.map((row) => [row.id, row]))
    origins = new Set(rows.flatMap((row) => row.origins))
  }

  return {
    find: (digest) => byDigest.get(digest.toString('base64')),
    stateOf(id) {
      const token = byId.get(id)
      if (token) return token.expires_at === null || token.expires_at > clock.now() ? 'live' : 'ended'
      return ended.has(id) ? 'ended' : 'unknown'
    },
    hasOrigin: (origin) => origins.has(origin) || (!isConfirmed && byId.size === 0),
    forget(id) {
      for (const [digest, token] of byDigest) if (token.id === id) byDigest.delete(digest)
      byId.delete(id)
      end(id)
    },
    async reload() {
      const text = JSON.stringify((await queries.tokensThatAskFlags(db, STANDING_MAX, clock.now())).map(stable))
      isConfirmed = true
      if (text === keptText) return
      adopt(parsed(text)!)
      await replaceFile(file, text)
      keptText = text
    },
  }
}

/** When it was used last changes all the time, and is nobody's business here. */
const stable = (token: Kept): Kept => ({ ...token, last_used_at: null })

/** Undefined: damaged. */
function parsed(text: string): Kept[] | undefined {
  try {
    const rows = JSON.parse(text) as unknown
    if (!Array.isArray(rows) || !rows.every(isKept)) return undefined
    return rows.map((row) => ({
      ...row,
      created_at: new Date(row.created_at),
      expires_at: row.expires_at && new Date(row.expires_at),
    }))
  } catch {
    // Not JSON is one more way to be damaged; the caller says so.
    return undefined
  }
}

const isKept = (row: unknown): row is Kept => {
  const { id, digest, origins, scopes } = (row ?? {}) as Record<string, unknown>
  return typeof id === 'string' && typeof digest === 'string' && Array.isArray(origins) && Array.isArray(scopes)
}
