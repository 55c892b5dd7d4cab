import Fastify from 'fastify'
import type { Contestant } from '../../contestant.ts'
import { unchangedAsk } from '../../flags/unchanged-ask.ts'
import { people } from '../../flags/same-rule.ts'
import { listen } from '../../peers/listen.ts'
import { type Open, startPeer } from '../../peers/peer.ts'

export const fastify304: Contestant = {
  name: 'bare-fastify-304',
  measure: '50 flags, unchanged',
  about: 'limit: a Fastify route that parses the context and answers 304; it knows of no flag',
  ratioTo: 'bare-fastify-304',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async () => {
  const app = Fastify()
  app.post('/flags', (request, reply) => {
    const { context } = request.body as { context: { targetingKey: string } }
    reply
      .code(304)
      .header('etag', request.headers['if-none-match'] ?? context.targetingKey)
      .send()
  })
  const etags = people.map(({ targetingKey }) => `"${targetingKey}"`)
  return { ask: unchangedAsk({ url: await listen(app), path: '/flags', etags }) }
}
