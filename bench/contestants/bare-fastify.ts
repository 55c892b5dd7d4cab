import Fastify from 'fastify'
import type { Contestant } from '../contestant.ts'
import { listen } from '../peers/listen.ts'
import { type Open, startPeer } from '../peers/peer.ts'

export const bareFastify: Contestant = {
  name: 'bare-fastify',
  measure: 'session check',
  about: 'limit: a Fastify route that says "ok" and checks nothing',
  ratioTo: 'bare-fastify',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async () => {
  const app = Fastify()
  app.get('/session', () => 'ok')
  return {
    ask: { kind: 'request', url: await listen(app), path: '/session', credentials: ['accept: */*'], expect: 'ok' },
  }
}
