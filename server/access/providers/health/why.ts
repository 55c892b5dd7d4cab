import type { Why } from '../verdict.ts'
import type { Round } from './rounds.ts'

interface Counted {
  saw: number
  live: number
  isControlGood: boolean | null
}
type Faults = Why['faults']

/** How often what failed in which way. */
export function tally(rounds: readonly Round[]): Faults {
  const counted = new Map<string, Faults[number]>()
  for (const { faults } of rounds) {
    for (const [kind, fault] of faults) {
      const known = counted.get(`${kind} ${fault}`)
      if (known) known.count += 1
      else counted.set(`${kind} ${fault}`, { kind, fault, count: 1 })
    }
  }
  return [...counted.values()].sort((one, other) => other.count - one.count || one.kind.localeCompare(other.kind))
}

export const sayOutage = (counted: Counted, faults: Faults): Why =>
  why(`${named(faults)} failed in several looks, ${seenBy(counted)}, while other addresses answered.`, counted, faults)

/** `control`: what is asked beside it did not answer; a number: so many providers, which is all of them. */
export function sayOwnNetwork(cause: 'control' | number, counted: Counted, faults: Faults): Why {
  const because =
    cause === 'control'
      ? 'and no control target answered with the right time'
      : `and so do all ${cause} providers at once`
  return why(`${named(faults)} failed, ${because}: our own network may be at fault.`, counted, faults)
}

export function saySuspect(rounds: readonly Round[], counted: Counted): Why {
  const faults = tally(rounds)
  if (faults.length === 0) return why('It asks us to come less often (429).', counted, faults)
  return why(`${named(faults)} failed, ${seenBy(counted)}.`, counted, faults)
}

export const sayRecovering = (recoverMs: number, counted: Counted): Why =>
  why(`Everything answers again. People are sent back when that has lasted ${recoverMs / 1000} s.`, counted, [])

export const sayBack = (recoverMs: number, counted: Counted): Why =>
  why(`Everything has answered for ${recoverMs / 1000} s.`, counted, [])

export const sayAnswers = (counted: Counted): Why => why('Everything answers.', counted, [])

const why = (sentence: string, { saw, live, isControlGood }: Counted, faults: Faults): Why => ({
  sentence,
  faults,
  processes: { saw, live },
  is_control_good: isControlGood,
})

/** `discovery (timeout) and token (reset)`. */
function named(faults: Faults): string {
  const kinds = Map.groupBy(faults, ({ kind }) => kind)
  const said = [...kinds].map(([kind, each]) => `${kind} (${each.map(({ fault }) => fault).join(', ')})`)
  const text = said.length > 1 ? `${said.slice(0, -1).join(', ')} and ${said.at(-1)}` : (said[0] ?? 'it')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const seenBy = ({ saw, live }: Counted) => `seen by ${saw} of ${live} ${live === 1 ? 'process' : 'processes'}`
