import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { contestants } from './catalogue.ts'
import type { BenchRun } from './run/run-bench.ts'

export interface Arguments extends BenchRun {
  isJson: boolean
  isKept: boolean
}

/** Told in one line that says what to do; exit code 2. */
export class BadUsage extends Error {
  override name = 'BadUsage'
}

/** Three rounds of two seconds: the median does not move by more than a twentieth on a machine that is left alone. */
const ROUNDS = 3
const SECONDS = 2

/** Null: help was asked for. */
export function readArguments(words: string[]): Arguments | null {
  const { values, positionals } = parse(words)
  if (values.help) return null
  if (positionals.join() !== 'sessions') throw new BadUsage('Name the bench: sessions. See --help.')
  const only = values.only?.flatMap((names) => names.split(',')) ?? null
  const stranger = only?.find((name) => !contestants.some((contestant) => contestant.name === name))
  if (stranger !== undefined)
    throw new BadUsage(
      `There is no contestant "${stranger}". There is ${contestants.map(({ name }) => name).join(', ')}.`,
    )
  return {
    chosen: contestants.filter(({ name }) => !only || only.includes(name)),
    only,
    rounds: Math.trunc(readNumber('--rounds', values.rounds ?? String(ROUNDS), { min: 1, max: 20 })),
    seconds: readNumber('--seconds', values.seconds ?? String(SECONDS), { min: 0.2, max: 30 }),
    profileFolder: values.profile === undefined ? null : resolve(values.profile),
    isJson: values.json === true,
    isKept: values.keep === true,
  }
}

export function help(): string {
  const list = contestants.map(
    ({ name, measure, about }) => `  ${name.padEnd(25)} ${measure}\n${' '.repeat(28)}${about}`,
  )
  return `Usage: holdfast bench sessions [--rounds N] [--seconds S] [--only <contestant>[,…]] [--json] [--keep]

Measures how fast sessions are checked and people signed in, beside the peers and beside what is possible at all, on this
machine only. About four minutes.

${list.join('\n')}

  --rounds   how often each takes its turn (${ROUNDS})
  --seconds  how long a turn lasts (${SECONDS})
  --only     these contestants; bars that need others are left out, and so is the time of a start
  --profile  a folder for CPU profiles of the contestants (node --cpu-prof); slows them down a little
  --json     print the report as JSON and nothing else
  --keep     leave the temporary folder with its logs

Exit code 0: every bar was met. 1: one was missed, or the run was invalid. 2: bad usage.
`
}

function parse(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string', multiple: true },
        profile: { type: 'string' },
        json: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new BadUsage(`${(error as Error).message.split('.')[0]}. See --help.`)
  }
}

function readNumber(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= min && value <= max))
    throw new BadUsage(`${option} is a number from ${min} to ${max}, not "${text}".`)
  return value
}
