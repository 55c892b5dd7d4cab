import { HASH_BY_DEFAULT, HASHES } from '../../../sdk/evaluate.ts'
import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { COUNTRIES, KEY, PERCENT, people, type Person, PLAN } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

export const closure: Contestant = {
  name: 'closure',
  measure: 'evaluation',
  about: 'limit: the rule written by hand, with the same hash; true or false and nothing else',
  ratioTo: 'flagd-core',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

export const load: Load = async () => {
  const hash = HASHES.get(HASH_BY_DEFAULT)!
  const ofKey = hash.ofKeysOf(KEY)
  const countries = new Set(COUNTRIES)
  const isOn = ({ plan, country, targetingKey }: Person) =>
    plan === PLAN && countries.has(country) && hash.position(ofKey(targetingKey), 100) < PERCENT
  return { isOn: (index) => isOn(people[index]!) }
}
export const open = evaluating(load)
