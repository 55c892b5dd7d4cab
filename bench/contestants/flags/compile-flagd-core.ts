import { FlagdCore } from '@openfeature/flagd-core'
import type { Contestant } from '../../contestant.ts'
import { type Compile, compiling } from '../../flags/compiling.ts'
import { quiet } from '../../flags/quiet.ts'
import { startPeer } from '../../peers/peer.ts'

export const compileFlagdCore: Contestant = {
  name: 'flagd-core-compile',
  measure: '5,000 flags compiled',
  about: 'the same by flagd-core setConfigurations, into a core of its own each time',
  ratioTo: 'flagd-core-compile',
  isByCpu: true,
  start: (scene) => startPeer(scene, import.meta.url),
}

export const compile: Compile = (text) => {
  const kept = new FlagdCore(undefined, quiet)
  kept.setConfigurations(text)
  return { kept, size: kept.getFlags().size }
}
export const open = compiling(compile)
