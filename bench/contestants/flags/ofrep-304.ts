import type { Contestant } from '../../contestant.ts'
import { askUnchanged, known } from '../../flags/ofrep.ts'

export const ofrep304: Contestant = {
  name: 'holdfast-304',
  measure: '50 flags, unchanged',
  about: 'Holdfast OFREP with If-None-Match, of 500 people who come again: the digest of their answers is remembered',
  ratioTo: 'bare-fastify-304',
  needs: 'flags',
  start: (scene) => askUnchanged(scene, known),
}
