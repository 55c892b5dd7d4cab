import { become } from './become.ts'
import { type Command, firstUnknown, refuse } from './command.ts'

export const access: Command = {
  summary: 'the front door alone: what production runs',
  usage: '',
  help: `Serves sign-in, sessions and the console on HOLDFAST_ACCESS_PORT, with the PostgreSQL of HOLDFAST_DATABASE_URL.
Without it: the one that "holdfast start" keeps in the data folder. Any number of them may share one database.

Example: HOLDFAST_DATABASE_URL=postgres://holdfast_app:…@db:5432/holdfast holdfast access`,
  run(words) {
    const unknown = firstUnknown(words, ['--demo'])
    if (unknown !== undefined) return refuse(`access has no option "${unknown}": see "holdfast access --help".`)
    return become('server/main.ts', ['access', ...words])
  },
}
