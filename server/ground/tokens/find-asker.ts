import { DatabaseOutage } from '../../platform/database/index.ts'
import type { Parts } from './parts.ts'
import { findTokenByDigest } from './queries.ts'
import { refuse } from './refusals.ts'
import { digestOfToken, environmentOfToken, isBrowserToken, stateOf, type Token, type TokenKind } from './token.ts'

/** Somebody who may ask flags for answers. */
export interface FlagAsker {
  /** `tok_…`. */
  id: string
  kind: TokenKind
}

/** What came with a request. */
export interface ShownToken {
  text: string
  /** The header Origin: the page that sent it. Undefined: it was no page. */
  origin: string | undefined
}

/**
 * Who asks flags, from memory alone; undefined: it has to be looked up. Refuses what is no live token of this environment,
 * or may not ask.
 *
 * Held against the header Origin, which no page can forge. A caller without it is no browser, and could write into it what
 * it likes: nothing would be gained by refusing it.
 */
export function findAskerAtOnce(parts: Parts, shown: ShownToken): FlagAsker | undefined {
  const digest = digestOf(parts, shown.text)
  const token = parts.standing.find(digest) ?? parts.known.find(digest)
  return token && admitted(parts, token, shown)
}

/** As `findAskerAtOnce`, also of those that memory does not hold. An outage is thrown as one: nobody is refused by it. */
export async function findAsker(parts: Parts, shown: ShownToken): Promise<FlagAsker> {
  const found = findAskerAtOnce(parts, shown)
  if (found) return found
  const digest = digestOf(parts, shown.text)
  const token = await lookUp(parts, digest)
  if (!token) {
    parts.refused.note('unknown')
    throw refuse('unknown')
  }
  const asker = admitted(parts, token, shown)
  parts.known.keep(digest, token)
  return asker
}

/** What was known once is known while nobody can be asked, however long ago it was: until somebody revokes it. */
async function lookUp({ db, known }: Parts, digest: Buffer): Promise<Token | undefined> {
  try {
    return await findTokenByDigest(db, digest)
  } catch (error) {
    const old = error instanceof DatabaseOutage ? known.findOld(digest) : undefined
    if (old) return old
    throw error
  }
}

function digestOf({ environment, refused }: Parts, text: string): Buffer {
  const theirs = environmentOfToken(text)
  if (theirs === environment) return digestOfToken(text)
  refused.note(theirs === undefined ? 'malformed' : 'foreign')
  throw theirs === undefined ? refuse('malformed') : refuse('foreign', { theirs, ours: environment })
}

function admitted(parts: Parts, token: Token, { text, origin }: ShownToken): FlagAsker {
  const now = parts.clock.now()
  const state = stateOf(token, now)
  if (state !== 'live') {
    parts.refused.note(state, token.id)
    throw refuse(state, { at: (token.revoked_at ?? token.expires_at!).toISOString() })
  }
  if (isBrowserToken(text)) {
    if (origin !== undefined && !token.origins.includes(origin)) throw refuse('foreign_page')
  } else if (!token.scopes.some((scope) => scope === 'flags:evaluate' || scope === 'flags:read')) {
    throw refuse('cannot_evaluate')
  }
  parts.used.set(token.id, now)
  return { id: token.id, kind: token.kind }
}
