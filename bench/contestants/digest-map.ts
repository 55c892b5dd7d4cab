import Fastify from 'fastify'
import type { Contestant } from '../contestant.ts'
import { listen } from '../peers/listen.ts'
import { type Open, startPeer } from '../peers/peer.ts'
import { cookieLine, digestOf, makeTokens, SESSIONS, sessionOf, tokenOf } from '../peers/tokens.ts'

export const digestMap: Contestant = {
  name: 'digest-map',
  measure: 'session check',
  about: 'limit: SHA-256 of the cookie and a Map, in a Fastify route',
  ratioTo: 'bare-fastify',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async () => {
  const tokens = makeTokens(SESSIONS)
  const sessions = new Map(tokens.map((token, index) => [digestOf(token).toString('base64'), sessionOf(index)]))
  const app = Fastify()
  app.get('/session', (request, reply) => {
    const session = sessions.get(digestOf(tokenOf(request.headers.cookie)).toString('base64'))
    if (session) return reply.send(session)
    return reply.code(401).send()
  })
  const credentials = tokens.map(cookieLine)
  return { ask: { kind: 'request', url: await listen(app), path: '/session', credentials, expect: '"user"' } }
}
