import { type Clock, systemClock } from '../../platform/clock.ts'
import { standingOf } from './health/index.ts'
import type { Providers } from './open-providers.ts'

/** An installation without any provider: what everything that asks for them is told then. */
export function withoutProviders(clock: Clock = systemClock): Providers {
  return {
    offered: () => [],
    find: () => undefined,
    ofDomain: () => undefined,
    ownerOf: () => undefined,
    depart: async () => {
      throw new Error('there is no provider to leave for')
    },
    exchange: async () => ({ outcome: 'refused', code: 'no_provider' }),
    asksLeft: () => 0,
    askAgain: async () => ({ outcome: 'unknown' }),
    preflight: async () => 'bad',
    verdictIn: async () => undefined,
    conditionIn: async () => 'withdrawn',
    verdictOf: () => undefined,
    onVerdict: () => () => {},
    standing: () => standingOf({ offered: [], verdictOf: () => undefined, seenAt: null, now: clock.now() }),
    reload: async () => {},
    routes: [],
    jobs: [],
    async [Symbol.asyncDispose]() {},
  }
}
