import { monotonicMs } from '../../drills/frame/clock.ts'
import type { Contestant } from '../contestant.ts'
import { type Open, startPeer } from '../peers/peer.ts'
import { digestOf, makeTokens, SESSIONS, sessionOf } from '../peers/tokens.ts'

/** The clock costs as much as the work: it is looked at once in so many. */
const LOOK_EVERY = 1000

export const digestMapInProcess: Contestant = {
  name: 'digest-map-in-process',
  measure: 'check in process',
  about: 'limit: SHA-256 of a token and a Map, nothing else',
  ratioTo: 'digest-map-in-process',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async () => {
  const tokens = makeTokens(SESSIONS)
  const sessions = new Map(tokens.map((token, index) => [digestOf(token).toString('base64'), sessionOf(index)]))
  return {
    async work({ untilMs }) {
      let operations = 0
      for (; operations % LOOK_EVERY !== 0 || monotonicMs() < untilMs; operations++) {
        const session = sessions.get(digestOf(tokens[operations % SESSIONS]!).toString('base64'))
        if (!session) throw new Error('A session was lost.')
      }
      return operations
    },
  }
}
