import { FlagdCore } from '@openfeature/flagd-core'
import { OpenFeature, type Provider } from '@openfeature/server-sdk'
import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { quiet } from '../../flags/quiet.ts'
import { flagdDefinition, KEY, people } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

export const openfeatureFlagdCore: Contestant = {
  name: 'openfeature-flagd-core',
  measure: 'evaluation',
  about: 'flagd-core through the client of @openfeature/server-sdk, by a provider of five lines',
  ratioTo: 'openfeature-flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

export const load: Load = async (count) => {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(JSON.stringify(flagdDefinition(count)))
  await OpenFeature.setProviderAndWait({
    metadata: { name: 'flagd-core' },
    resolveBooleanEvaluation: async (key, fallback, context) =>
      core.resolveBooleanEvaluation(key, fallback, context, quiet),
    resolveStringEvaluation: async (key, fallback, context) =>
      core.resolveStringEvaluation(key, fallback, context, quiet),
    resolveNumberEvaluation: async (key, fallback, context) =>
      core.resolveNumberEvaluation(key, fallback, context, quiet),
    resolveObjectEvaluation: async (key, fallback, context) =>
      core.resolveObjectEvaluation(key, fallback, context, quiet),
  } satisfies Provider)
  const client = OpenFeature.getClient()
  return { isOnLater: async (index) => (await client.getBooleanDetails(KEY, false, people[index] as never)).value }
}
export const open = evaluating(load)
