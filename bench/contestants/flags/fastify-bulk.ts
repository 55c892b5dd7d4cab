import Fastify from 'fastify'
import { HASH_BY_DEFAULT, HASHES } from '../../../sdk/evaluate.ts'
import type { Contestant } from '../../contestant.ts'
import { bulkAsk } from '../../flags/bulk-ask.ts'
import { BULK_FLAGS, isTargeted, keysOf, PERCENT, type Person } from '../../flags/same-rule.ts'
import { listen } from '../../peers/listen.ts'
import { type Open, startPeer } from '../../peers/peer.ts'

export const fastifyBulk: Contestant = {
  name: 'bare-fastify-bulk',
  measure: '50 flags asked',
  about:
    'limit: a Fastify route that parses the context, evaluates 50 flags by hand and serialises them; no key, no ETag',
  ratioTo: 'bare-fastify-bulk',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async () => {
  const hash = HASHES.get(HASH_BY_DEFAULT)!
  const flags = keysOf(BULK_FLAGS).map((key) => ({ key, ofKey: hash.ofKeysOf(key) }))
  const answer = (person: Person, { key, ofKey }: (typeof flags)[number]) => {
    const isIn = isTargeted(person)
    const value = isIn && hash.position(ofKey(person.targetingKey), 100) < PERCENT
    return { key, value, variant: value ? 'on' : 'off', reason: 'TARGETING_MATCH' }
  }
  const app = Fastify()
  app.post('/flags', (request, reply) => {
    const { context } = request.body as { context: Person }
    reply.send({ flags: flags.map((flag) => answer(context, flag)) })
  })
  return { ask: bulkAsk({ url: await listen(app), path: '/flags' }) }
}
