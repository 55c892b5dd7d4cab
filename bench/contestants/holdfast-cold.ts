import { cookieName, cookies } from '../../sdk/contract.ts'
import type { Contestant } from '../contestant.ts'
import { makeSessions } from '../holdfast/make-sessions.ts'
import { SESSIONS_COLD } from '../peers/tokens.ts'

export const holdfastCold: Contestant = {
  name: 'holdfast-cold',
  measure: 'session check',
  about: 'the same by the handle alone, each session for the first time: read from PostgreSQL, and a proof signed',
  ratioTo: 'prepared-select',
  needs: 'holdfast',
  async start(scene) {
    const { databaseUrl, addAccess } = await scene.holdfast()
    const handles = await makeSessions(databaseUrl, SESSIONS_COLD)
    const access = await addAccess('holdfast-cold')
    const credentials = handles.map((handle) => `cookie: ${cookieName(cookies.handle, false)}=${handle}`)
    return {
      // The answer says where it comes from: one from memory fails the run.
      ask: { kind: 'request', url: access.url, path: '/v1/session', credentials, expect: '"source":"database"' },
      roots: access.roots,
      async reset() {
        await access.restart()
        return undefined
      },
    }
  },
}
