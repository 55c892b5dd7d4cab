import { become } from './become.ts'
import { type Command, firstUnknown, refuse } from './command.ts'

export const check: Command = {
  summary: 'what is unsafe about this installation, and what to do',
  usage: '[--json]',
  help: `Looks at the settings, the files, the database and its roles, staff, backups, mail providers and access itself, with the
settings that access has. It changes nothing and sends nothing. Exit code 1 when something fails, or could not be seen; what is
unsafe and works is said, and is no failure.

Example: holdfast check`,
  run(words) {
    const unknown = firstUnknown(words, ['--json'])
    if (unknown !== undefined) return refuse(`check has no option "${unknown}": see "holdfast check --help".`)
    return become('server/main.ts', ['check', ...words])
  },
}
