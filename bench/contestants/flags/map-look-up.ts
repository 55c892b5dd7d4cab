import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { isTargeted, people } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

export const mapLookUp: Contestant = {
  name: 'map-look-up',
  measure: 'evaluation',
  about: 'limit: the answers of everybody in a Map, looked up by their key',
  ratioTo: 'flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

export const load: Load = async () => {
  const targeted = people.filter(isTargeted)
  const answers = new Map(people.map((person) => [person.targetingKey, targeted.indexOf(person) % 2 === 0]))
  return { isOn: (index) => answers.get(people[index]!.targetingKey) === true }
}
export const open = evaluating(load)
