import { compileFlags, evaluateAs } from '../../../sdk/evaluate.ts'
import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { flagdDefinition, KEY, people } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

export const evaluator: Contestant = {
  name: 'holdfast-evaluator',
  measure: 'evaluation',
  about: 'Holdfast evaluateAs alone: value, variant and reason of a compiled flag',
  ratioTo: 'flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

export const load: Load = async (count) => {
  const flags = compileFlags(JSON.parse(JSON.stringify(flagdDefinition(count))))
  const nowMs = Date.now()
  return {
    isOn: (index) => evaluateAs(flags, { key: KEY, type: 'boolean', context: people[index]!, nowMs }).value === true,
  }
}
export const open = evaluating(load)
