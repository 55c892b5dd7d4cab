import { compileFlags } from '../../../sdk/evaluate.ts'
import type { Contestant } from '../../contestant.ts'
import { type Compile, compiling } from '../../flags/compiling.ts'
import { startPeer } from '../../peers/peer.ts'

export const compileHoldfast: Contestant = {
  name: 'holdfast-compile',
  measure: '5,000 flags compiled',
  about:
    'Holdfast: a definition of 5,000 flags parsed and compiled, as a first delivery is; nothing is kept from before',
  ratioTo: 'flagd-core-compile',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

export const compile: Compile = (text) => {
  const kept = compileFlags(JSON.parse(text))
  return { kept, size: kept.flags.size }
}
export const open = compiling(compile)
