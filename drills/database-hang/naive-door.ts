import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Seen } from '../load/generator.ts'
import { cookieHeader, cookiesSet, type Reply, type Target } from '../load/request.ts'
import type { Door } from './door.ts'

const COOKIE = 'connect.sid'
/** A browser spins; a person reloads after some seconds. */
const TRY_DEADLINE_MS = 4000
const TRIES_MAX = 3
const PAUSE_MS = 1000

/** Of the naive app; a session that never was needs a good signature too, or no database is asked about it. */
export const NAIVE_SECRET = 'naive'

function strangerCookie(): string {
  const id = 'nobody-'.padEnd(32, 'x')
  // The form of cookie-signature, which express-session uses.
  const signature = createHmac('sha256', NAIVE_SECRET).update(id).digest('base64').replace(/=+$/, '')
  return `${COOKIE}=${encodeURIComponent(`s:${id}.${signature}`)}`
}

export function naiveDoor(target: Target): Door {
  const whoami = async (cookie: string, signal: AbortSignal): Promise<Seen> =>
    seenOf(await target.send({ method: 'GET', path: '/whoami', headers: { cookie }, signal }))
  return {
    check: (session, signal) => whoami(cookieHeader(session.cookies), signal),
    checkStranger: (signal) => whoami(strangerCookie(), signal),
    async signIn(person, signal) {
      let last: Seen = { outcome: 'failed', note: 'never answered' }
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        if (tries > 0) await sleep(PAUSE_MS, undefined, { signal })
        last = await signInOnce(target, person, AbortSignal.any([signal, AbortSignal.timeout(TRY_DEADLINE_MS)]))
        if (last.outcome === 'valid') return last
      }
      return last
    },
  }
}

export async function signInOnce(target: Target, person: string, signal: AbortSignal): Promise<Seen> {
  try {
    const reply = await target.send({ method: 'POST', path: '/sign-in', json: { email: person }, signal })
    const value = cookiesSet(reply).get(COOKIE)
    if (reply.status !== 200 || !value) return { outcome: 'failed', note: `HTTP ${reply.status}` }
    return { outcome: 'valid', keep: { person, way: 'direct', cookies: { [COOKIE]: value } } }
  } catch (error) {
    return { outcome: 'failed', note: (error as { code?: string }).code ?? 'no answer' }
  }
}

/** 200 with a user, or 401: an app like this knows no third answer. An error is at least not taken for "signed out". */
function seenOf(reply: Reply): Seen {
  const clears = [...cookiesSet(reply)].some(([name, value]) => name === COOKIE && value === '')
  if (reply.status === 200)
    return { outcome: /"user":\{/.test(reply.body) ? 'valid' : 'invalid', source: 'database', clears }
  if (reply.status === 401) return { outcome: 'invalid', source: 'database', clears }
  return { outcome: 'failed', note: `HTTP ${reply.status}`, clears }
}
