import { isBad, newestOfEach, type Round } from './rounds.ts'

export interface Witnesses {
  /** Processes whose own way out is broken: nothing that they say is heard. */
  cutOff: ReadonlySet<string>
  /** Whether a look tells something of the provider, and not of who looked. */
  isHeard(round: Round): boolean
}

/**
 * Who can be believed. A look that failed, and what was asked beside it as well, tells of the way out of who looked, as soon as
 * another process gets through: no number of machines that are cut off says that a provider is down, or that it is not back.
 * Where nobody gets through everybody is heard: then it is the way out of all.
 */
export function witnessesOf(rounds: readonly Round[]): Witnesses {
  const newest = newestOfEach(rounds)
  const through = newest.filter(getsThrough).map(({ process }) => process)
  const cutOff = new Set(through.length > 0 ? newest.filter(isBlind).map(({ process }) => process) : [])
  return {
    cutOff,
    isHeard(round) {
      if (cutOff.has(round.process)) return false
      return !isBlind(round) || !through.some((process) => process !== round.process)
    },
  }
}

const isBlind = (round: Round) => isBad(round) && round.isControlGood === false

const getsThrough = (round: Round) => !isBad(round) || round.isControlGood === true
