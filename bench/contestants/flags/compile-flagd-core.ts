import { FlagdCore } from '@openfeature/flagd-core'
import type { Contestant } from '../../contestant.ts'
import { compiling } from '../../flags/compiling.ts'
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

export const open = compiling((text) => {
  const core = new FlagdCore(undefined, quiet)
  core.setConfigurations(text)
  return core.getFlags().size
})
