import { init, integrations } from '@launchdarkly/node-server-sdk'
import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { quiet } from '../../flags/quiet.ts'
import { COUNTRIES, KEY, keysOf, PERCENT, people, PLAN } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

export const launchdarkly: Contestant = {
  name: 'launchdarkly',
  measure: 'evaluation',
  about:
    '@launchdarkly/node-server-sdk variationDetail from TestData, events off; it is awaited, there is no other way',
  ratioTo: 'flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

const START_S = 10
/** Its weights are of a hundred thousand. */
const WHOLE = 100_000

const flagOf = (key: string) => ({
  key,
  version: 1,
  on: true,
  salt: key,
  variations: [true, false],
  offVariation: 1,
  fallthrough: { variation: 1 },
  targets: [],
  prerequisites: [],
  rules: [
    {
      id: 'one',
      clauses: [
        { attribute: 'plan', op: 'in', values: [PLAN], contextKind: 'user', negate: false },
        { attribute: 'country', op: 'in', values: COUNTRIES, contextKind: 'user', negate: false },
      ],
      rollout: {
        kind: 'rollout',
        contextKind: 'user',
        variations: [
          { variation: 0, weight: (WHOLE * PERCENT) / 100 },
          { variation: 1, weight: WHOLE - (WHOLE * PERCENT) / 100 },
        ],
      },
    },
  ],
})

export const load: Load = async (count) => {
  const source = new integrations.TestData()
  const client = init('sdk-key-of-the-bench', {
    updateProcessor: source.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: quiet,
  })
  await client.waitForInitialization({ timeout: START_S })
  for (const key of keysOf(count)) await source.usePreconfiguredFlag(JSON.parse(JSON.stringify(flagOf(key))))
  const contexts = people.map(({ targetingKey, plan, country }) => ({
    kind: 'user' as const,
    key: targetingKey,
    plan,
    country,
  }))
  return {
    isOnLater: async (index) => (await client.variationDetail(KEY, contexts[index]!, false)).value === true,
  }
}
export const open = evaluating(load)
