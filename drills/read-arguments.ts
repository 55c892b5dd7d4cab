import { drills } from './catalogue.ts'
import { type ArmName, arms } from './frame/card.ts'
import type { Drill } from './frame/run-drill.ts'
import { BadUsage, parseWords, readNumber } from './frame/arguments.ts'

export interface Arguments {
  chosen: readonly Drill[]
  armNames: readonly ArmName[]
  scale: number
  seed: number
  isJson: boolean
  isKept: boolean
}

const SEED_MAX = 2 ** 31 - 1

const OPTIONS = {
  arm: { type: 'string' },
  json: { type: 'boolean' },
  seed: { type: 'string' },
  scale: { type: 'string' },
  keep: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Null: help was asked for. */
export function readArguments(words: string[]): Arguments | null {
  const { values, positionals } = parseWords(words, OPTIONS)
  if (values.help) return null
  const [name, ...more] = positionals
  if (!name || more.length > 0) throw new BadUsage(`Name one drill: ${names()}, or all.`)
  const chosen = name === 'all' ? drills : drills.filter((drill) => drill.name === name)
  if (chosen.length === 0) throw new BadUsage(`There is no drill "${name}". There is ${names()}, or all.`)

  const arm = values.arm ?? 'both'
  if (arm !== 'both' && !arms.includes(arm as ArmName))
    throw new BadUsage(`--arm is naive, holdfast or both, not "${arm}".`)
  const min = Math.max(...chosen.map((drill) => drill.scales.min))
  const max = Math.min(...chosen.map((drill) => drill.scales.max))
  return {
    chosen,
    armNames: arm === 'both' ? arms : [arm as ArmName],
    scale: readNumber('--scale', values.scale ?? '1', { min, max }),
    seed: Math.trunc(readNumber('--seed', values.seed ?? '7', { min: 0, max: SEED_MAX })),
    isJson: values.json === true,
    isKept: values.keep === true,
  }
}

export function help(): string {
  const list = drills.map((drill) => {
    const minutes = Math.ceil((2 * drill.expectedMs({ scale: 1, seed: 7 })) / 60_000)
    return `  ${drill.name.padEnd(16)} ${drill.summary}.\n${' '.repeat(19)}${drill.incident}.\n${' '.repeat(19)}About ${minutes} min for both arms: ${drill.boundReason}.`
  })
  return `Usage: holdfast drill <name>|all [--arm naive|holdfast|both] [--json] [--seed N] [--scale X] [--keep]

Does an incident again, with real components, on this machine only, and prints what it cost.

${list.join('\n')}

  --arm    which system it is done to (both)
  --json   print the card as JSON and nothing else
  --seed   makes the arrivals of the load; the same seed, the same arrivals (7)
  --scale  shortens or lengthens the faults (1)
  --keep   leave the temporary folder with its logs

Exit code 0: held. 1: a stated bar was missed, or the run was invalid. 2: bad usage.
`
}

function names(): string {
  return drills.map((drill) => drill.name).join(', ')
}
