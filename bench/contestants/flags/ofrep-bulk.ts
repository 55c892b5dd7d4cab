import type { Contestant } from '../../contestant.ts'
import { askInFull, strangers } from '../../flags/ofrep.ts'

export const ofrepBulk: Contestant = {
  name: 'holdfast-bulk',
  measure: '50 flags asked',
  about: 'Holdfast POST /ofrep/v1/evaluate/flags by an application key; no answer is remembered',
  ratioTo: 'bare-fastify-bulk',
  needs: 'flags',
  start: (scene) => askInFull(scene, strangers),
}
