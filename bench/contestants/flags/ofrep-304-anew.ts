import type { Contestant } from '../../contestant.ts'
import { askUnchanged, strangers } from '../../flags/ofrep.ts'

export const ofrep304Anew: Contestant = {
  name: 'holdfast-304-anew',
  measure: '50 flags, unchanged',
  about: 'the same without the memo: 50 flags are evaluated and hashed to say that nothing changed',
  ratioTo: 'bare-fastify-304',
  needs: 'flags',
  start: (scene) => askUnchanged(scene, strangers),
}
