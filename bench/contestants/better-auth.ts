import { serveBetterAuth, signInPeople } from '../peers/serve-better-auth.ts'
import type { Contestant } from '../contestant.ts'
import { type Open, startPeer } from '../peers/peer.ts'

/** Each is a whole sign-in, and it reads each from PostgreSQL anyway. */
const PEOPLE = 100

export const betterAuth: Contestant = {
  name: 'better-auth',
  measure: 'session check',
  about: 'Better Auth getSession over HTTP, on PostgreSQL',
  ratioTo: 'bare-fastify',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async ({ databaseUrl }) => {
  const url = await serveBetterAuth(databaseUrl)
  const credentials = await signInPeople(url, PEOPLE)
  return { ask: { kind: 'request', url, path: '/api/auth/get-session', credentials, expect: '"user"' } }
}
