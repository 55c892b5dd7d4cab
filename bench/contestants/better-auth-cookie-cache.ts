import { serveBetterAuth, signInPeople } from '../peers/serve-better-auth.ts'
import type { Contestant } from '../contestant.ts'
import { type Open, startPeer } from '../peers/peer.ts'

const PEOPLE = 100
/** Longer than a run, so that all of it is answered from the cookie. */
const CACHE_SECONDS = 3600

export const betterAuthCookieCache: Contestant = {
  name: 'better-auth-cookie-cache',
  measure: 'session check',
  about: 'the same with its cookie cache: no database, and no end of a session before the cookie’s',
  ratioTo: 'bare-fastify',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async ({ databaseUrl }) => {
  const url = await serveBetterAuth(databaseUrl, { cookieCache: { enabled: true, maxAge: CACHE_SECONDS } })
  const credentials = await signInPeople(url, PEOPLE)
  return { ask: { kind: 'request', url, path: '/api/auth/get-session', credentials, expect: '"user"' } }
}
