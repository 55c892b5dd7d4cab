import { FlagdCore } from '@openfeature/flagd-core'
import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { flagdDefinition, KEY, people } from '../../flags/same-rule.ts'
import { quiet } from '../../flags/quiet.ts'
import { startPeer } from '../../peers/peer.ts'

export const flagdCore: Contestant = {
  name: 'flagd-core',
  measure: 'evaluation',
  about: '@openfeature/flagd-core resolveBooleanEvaluation, as the in-process provider of flagd asks it',
  ratioTo: 'flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

export const load: Load = async (count) => {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(JSON.stringify(flagdDefinition(count)))
  return {
    // No copy of the context is made for it: the provider hands on the one that the OpenFeature client has put together.
    isOn: (index) => core.resolveBooleanEvaluation(KEY, false, people[index] as never, quiet).value,
  }
}
export const open = evaluating(load)
