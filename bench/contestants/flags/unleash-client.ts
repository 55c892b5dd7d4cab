import { InMemStorageProvider, Unleash } from 'unleash-client'
import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { COUNTRIES, KEY, keysOf, PERCENT, people, PLAN } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

export const unleashClient: Contestant = {
  name: 'unleash-client',
  measure: 'evaluation',
  about: 'unleash-client isEnabled from a bootstrap, metrics off: a boolean and no reason',
  ratioTo: 'flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

const featureOf = (name: string) => ({
  name,
  type: 'release',
  enabled: true,
  stale: false,
  impressionData: false,
  variants: [],
  strategies: [
    {
      name: 'flexibleRollout',
      parameters: { rollout: String(PERCENT), stickiness: 'userId', groupId: name },
      constraints: [
        { contextName: 'plan', operator: 'IN', values: [PLAN], inverted: false },
        { contextName: 'country', operator: 'IN', values: COUNTRIES, inverted: false },
      ],
      segments: [],
      variants: [],
    },
  ],
})

export const load: Load = async (count) => {
  const unleash = new Unleash({
    appName: 'bench',
    // Nobody listens there, and with an interval of 0 nobody is asked after the first time.
    url: 'http://127.0.0.1:1/',
    refreshInterval: 0,
    disableMetrics: true,
    storageProvider: new InMemStorageProvider(),
    // As it comes over a network: no two flags share a part.
    bootstrap: { data: JSON.parse(JSON.stringify(keysOf(count).map(featureOf))) },
    skipInstanceCountWarning: true,
  })
  unleash.on('error', () => {})
  unleash.on('warn', () => {})
  await new Promise((resolve) => unleash.once('ready', resolve))
  const contexts = people.map(({ targetingKey, plan, country }) => ({
    userId: targetingKey,
    properties: { plan, country },
  }))
  return { isOn: (index) => unleash.isEnabled(KEY, contexts[index]) }
}
export const open = evaluating(load)
