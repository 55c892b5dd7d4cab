import type { AddressInfo } from 'node:net'
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { createClient } from 'redis'
import type { Contestant } from '../contestant.ts'
import { type Open, startPeer } from '../peers/peer.ts'
import { SESSIONS, sessionOf } from '../peers/tokens.ts'

declare module 'express-session' {
  interface SessionData {
    person: { id: string; email: string }
  }
}

export const connectRedis: Contestant = {
  name: 'connect-redis',
  measure: 'session check',
  about: 'Express, express-session and connect-redis as their READMEs say: GET and EXPIRE on every request',
  ratioTo: 'bare-fastify',
  needs: 'redis',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async ({ redisUrl }) => {
  const client = await createClient({ url: redisUrl }).connect()
  const app = express()
  const store = new RedisStore({ client, prefix: 'sess:' })
  app.use(session({ store, secret: 'bench', resave: false, saveUninitialized: false, cookie: { maxAge: 86_400_000 } }))
  app.post('/sign-in/:index', (request, response) => {
    request.session.person = sessionOf(Number(request.params.index)).user
    response.status(204).end()
  })
  app.get('/session', (request, response) => {
    if (!request.session.person) return void response.status(401).end()
    response.json({ user: request.session.person })
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials: string[] = []
  for (let index = 0; index < SESSIONS; index++) {
    const { headers } = await fetch(`${url}/sign-in/${index}`, { method: 'POST' })
    credentials.push(`cookie: ${headers.getSetCookie()[0]!.split(';')[0]}`)
  }
  return { ask: { kind: 'request', url, path: '/session', credentials, expect: '"user"' } }
}
