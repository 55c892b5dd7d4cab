import Fastify from 'fastify'
import { createClient } from 'redis'
import type { Contestant } from '../contestant.ts'
import { listen } from '../peers/listen.ts'
import { type Open, startPeer } from '../peers/peer.ts'
import { cookieLine, makeTokens, SESSIONS, sessionOf, tokenOf } from '../peers/tokens.ts'

export const redisGet: Contestant = {
  name: 'redis-get',
  measure: 'session check',
  about: 'one Redis GET by the cookie, in a Fastify route',
  ratioTo: 'bare-fastify',
  needs: 'redis',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async ({ redisUrl }) => {
  const tokens = makeTokens(SESSIONS)
  const client = await createClient({ url: redisUrl }).connect()
  for (const [index, token] of tokens.entries())
    await client.set(`get:${token}`, JSON.stringify(sessionOf(index)), { EX: 86_400 })
  const app = Fastify()
  app.get('/session', async (request, reply) => {
    const text = await client.get(`get:${tokenOf(request.headers.cookie)}`)
    if (text === null) return reply.code(401).send()
    return reply.type('application/json').send(text)
  })
  const credentials = tokens.map(cookieLine)
  return { ask: { kind: 'request', url: await listen(app), path: '/session', credentials, expect: '"user"' } }
}
