import { become } from './become.ts'
import { type Command, firstUnknown, refuse } from './command.ts'

export const keys: Command = {
  summary: 'the keys that sign sessions',
  usage: 'rotate',
  help: `"rotate" lets the next key sign from now on and publishes the one after it. What was signed before stays valid: nobody
is signed out. It happens by itself on schedule. A key that somebody else may have seen is another matter:
what it signed is accepted for a day after the rotation; docs/operating.md says how to withdraw it.

Example: holdfast keys rotate`,
  run(words) {
    const [verb, ...rest] = words
    if (verb !== 'rotate') return refuse('keys needs a verb: holdfast keys rotate.')
    const unknown = firstUnknown(rest, ['--json'])
    if (unknown !== undefined) return refuse(`keys rotate has no option "${unknown}": see "holdfast keys --help".`)
    return become('server/main.ts', ['keys', ...words])
  },
}
