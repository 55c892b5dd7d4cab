import { become } from './become.ts'
import { type Command, firstUnknown, refuse } from './command.ts'

export const config: Command = {
  summary: 'every setting in force, and where it comes from',
  usage: '[--json]',
  help: `Prints each HOLDFAST_* variable with its value, whether it was set or is the default, and what it means. Passwords are
masked. A setting that cannot work is told here as it is at a start.

Example: HOLDFAST_ENVIRONMENT=staging holdfast config`,
  run(words) {
    const unknown = firstUnknown(words, ['--json'])
    if (unknown !== undefined) return refuse(`config has no option "${unknown}": see "holdfast config --help".`)
    return become('server/main.ts', ['config', ...words])
  },
}
