import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { COUNTRIES, KEY, keysOf, PERCENT, people, PLAN } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

export const growthbook: Contestant = {
  name: 'growthbook',
  measure: 'evaluation',
  about: 'GrowthBookClient.evalFeature of one instance for all, with its result and source',
  ratioTo: 'flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

const featureOf = () => ({
  defaultValue: false,
  rules: [
    {
      condition: { plan: PLAN, country: { $in: COUNTRIES } },
      force: true,
      coverage: PERCENT / 100,
      hashAttribute: 'id',
      hashVersion: 2,
    },
  ],
})

export const load: Load = async (count) => {
  // Here, so that only who measures it hears its complaint about localStorage.
  const { GrowthBookClient } = await import('@growthbook/growthbook')
  const client = new GrowthBookClient()
  const features = Object.fromEntries(keysOf(count).map((key) => [key, featureOf()]))
  // As it comes over a network: no two flags share a part.
  client.initSync({ payload: JSON.parse(JSON.stringify({ features })) })
  const contexts = people.map(({ targetingKey, plan, country }) => ({
    attributes: { id: targetingKey, plan, country },
  }))
  return { isOn: (index) => client.evalFeature(KEY, contexts[index]!).on }
}
export const open = evaluating(load)
