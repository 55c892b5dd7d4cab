import { createHash } from 'node:crypto'
import type { SessionData } from 'express-session'

/** Of a session as it is kept. */
export interface SessionContent {
  content: string
  expiresMs: number
}

/** The locker of a session: whoever reads the database cannot make a cookie of it. */
export const keyOf = (sid: string): string => createHash('sha256').update(sid).digest('base64url')

/**
 * A session as text, without the moment at which its cookie runs out: that moves with every request, and would make each
 * of them a write. The locker knows it.
 */
export function contentOf(session: SessionData, { ttlMs, nowMs }: { ttlMs: number; nowMs: number }): SessionContent {
  const { expires, ...cookie } = plain(session.cookie)
  const expiresMs = expires ? new Date(expires).getTime() : nowMs + ttlMs
  return { content: JSON.stringify({ ...session, cookie }), expiresMs }
}

/** As it was; the cookie runs out with the locker, unless it is one that the browser forgets by itself. */
export function sessionOf({ content, expiresMs }: SessionContent): SessionData {
  const session = JSON.parse(content) as SessionData
  const hasMaxAge = typeof session.cookie.originalMaxAge === 'number'
  // As text, like that of every other store: express-session makes a Date of it.
  const expires = hasMaxAge ? new Date(expiresMs).toISOString() : null
  Object.assign(session.cookie, { expires })
  return session
}

interface PlainCookie {
  expires?: Date | string | null
}

function plain(cookie: SessionData['cookie']): PlainCookie {
  const { toJSON } = cookie as { toJSON?: () => PlainCookie }
  return toJSON ? toJSON.call(cookie) : (cookie as PlainCookie)
}
