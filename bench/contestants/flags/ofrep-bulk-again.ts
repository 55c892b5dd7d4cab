import type { Contestant } from '../../contestant.ts'
import { askInFull, known } from '../../flags/ofrep.ts'

export const ofrepBulkAgain: Contestant = {
  name: 'holdfast-bulk-again',
  measure: '50 flags asked',
  about: 'the same of 500 people who come again: access remembers their answers',
  ratioTo: 'bare-fastify-bulk',
  needs: 'flags',
  start: (scene) => askInFull(scene, known),
}
