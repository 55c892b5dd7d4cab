import { resolve } from 'node:path'
import { BadUsage, parseWords, readNumber } from '../drills/frame/arguments.ts'
import type { Bench } from './bench.ts'
import { benches } from './catalogue.ts'
import type { BenchRun } from './run/run-bench.ts'

export interface Arguments extends BenchRun {
  isJson: boolean
  isKept: boolean
}

/** Three rounds of two seconds: the median does not move by more than a twentieth on a machine that is left alone. */
const ROUNDS = 3
const SECONDS = 2

const OPTIONS = {
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  only: { type: 'string', multiple: true },
  profile: { type: 'string' },
  unleash: { type: 'string' },
  json: { type: 'boolean' },
  keep: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Null: help was asked for. */
export function readArguments(words: string[]): Arguments | null {
  const { values, positionals } = parseWords(words, OPTIONS)
  if (values.help) return null
  const bench = benches.find(({ name }) => name === positionals.join())
  if (!bench) throw new BadUsage(`Name the bench: ${benches.map(({ name }) => name).join(' or ')}. See --help.`)
  const only = values.only?.flatMap((names) => names.split(',')) ?? null
  const unleashFolder = values.unleash === undefined ? null : resolve(values.unleash)
  return {
    bench,
    chosen: choose(bench, only, unleashFolder !== null),
    only,
    rounds: Math.trunc(readNumber('--rounds', values.rounds ?? String(ROUNDS), { min: 1, max: 20 })),
    seconds: readNumber('--seconds', values.seconds ?? String(SECONDS), { min: 0.2, max: 30 }),
    profileFolder: values.profile === undefined ? null : resolve(values.profile),
    unleashFolder,
    isJson: values.json === true,
    isKept: values.keep === true,
  }
}

function choose({ name: bench, contestants }: Bench, only: string[] | null, hasUnleash: boolean) {
  const stranger = only?.find((name) => !contestants.some((contestant) => contestant.name === name))
  if (stranger !== undefined)
    throw new BadUsage(
      `The bench ${bench} has no contestant "${stranger}". It has ${contestants.map(({ name }) => name).join(', ')}.`,
    )
  const chosen = contestants.filter(({ name }) => !only || only.includes(name))
  const needy = chosen.find(({ needs }) => needs === 'unleash')
  if (only && needy && !hasUnleash) throw new BadUsage(`${needy.name} needs --unleash <folder>. See --help.`)
  return chosen.filter(({ needs }) => needs !== 'unleash' || hasUnleash)
}

export function help(): string {
  return `Usage: holdfast bench ${benches.map(({ name }) => name).join('|')} [--rounds N] [--seconds S] [--only <contestant>[,…]] [--json] [--keep]

Measures how fast Holdfast is, beside the peers and beside what is possible at all, on this machine only.

${benches.map(describe).join('\n')}
  --rounds   how often each takes its turn (${ROUNDS})
  --seconds  how long a turn lasts (${SECONDS})
  --only     these contestants; bars that need others are left out, and so is what is measured besides
  --unleash  a folder with an unleash-server ("npm i unleash-server@8.2.0" there); without it, its bar is left out
  --profile  a folder for CPU profiles of the contestants (node --cpu-prof); slows them down a little
  --json     print the report as JSON and nothing else
  --keep     leave the temporary folder with its logs

Exit code 0: every bar was met. 1: one was missed, or the run was invalid. 2: bad usage.
`
}

function describe({ name, about, minutes, contestants }: Bench): string {
  const list = contestants.map((one) => `    ${one.name.padEnd(25)} ${one.measure}\n${' '.repeat(30)}${one.about}`)
  return `${name}: ${about}; about ${minutes} minutes\n\n${list.join('\n')}\n`
}
