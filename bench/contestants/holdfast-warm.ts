import { cookieName, cookies } from '../../sdk/contract.ts'
import type { Contestant } from '../contestant.ts'
import { makeSessions } from '../holdfast/make-sessions.ts'
import { SESSIONS } from '../peers/tokens.ts'

/** Not all: each session is read again after a minute, and when the log of revocations was not confirmed for 3 s. */
const CACHED = '"source":"cache"'

/** By its next turn all have been forgotten for a minute, and are read again first. */
const WARM_MS = 1500

export const holdfastWarm: Contestant = {
  name: 'holdfast-warm',
  measure: 'session check',
  about: 'Holdfast GET /v1/session by the handle, sessions that access knows',
  ratioTo: 'bare-fastify',
  needs: 'holdfast',
  async start(scene) {
    const { url, databaseUrl, roots } = await scene.holdfast()
    const handles = await makeSessions(databaseUrl, SESSIONS)
    const credentials = handles.map((handle) => `cookie: ${cookieName(cookies.handle, false)}=${handle}`)
    return {
      ask: { kind: 'request', url, path: '/v1/session', credentials, expect: '"verdict":"valid"', mostly: CACHED },
      roots,
      warmMs: WARM_MS,
    }
  },
}
