import type { Contestant } from '../contestant.ts'
import { fetchJars } from '../holdfast/fetch-proofs.ts'
import { makeSessions } from '../holdfast/make-sessions.ts'
import type { Ask } from '../load/ask.ts'
import { SESSIONS } from '../peers/tokens.ts'

/** Not all: each session is read again after a minute, and when the log of revocations was not confirmed for 3 s. */
const CACHED = '"source":"cache"'

export const holdfastWarm: Contestant = {
  name: 'holdfast-warm',
  measure: 'session check',
  about: 'Holdfast GET /v1/session by handle and proof, as a browser sends them; sessions that access knows',
  ratioTo: 'bare-fastify',
  needs: 'holdfast',
  async start(scene) {
    const { url, databaseUrl, roots } = await scene.holdfast()
    const handles = await makeSessions(databaseUrl, SESSIONS)
    const askAnew = async (): Promise<Ask> => ({
      ...{ kind: 'request', url, path: '/v1/session', expect: '"verdict":"valid"', mostly: CACHED },
      credentials: (await fetchJars(url, handles)).map((jar) => `cookie: ${jar}`),
    })
    // A proof lives five minutes and is renewed when it is half spent: each turn begins with fresh ones, as browsers have.
    return { ask: await askAnew(), roots, reset: askAnew }
  },
}
