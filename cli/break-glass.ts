import { become } from './become.ts'
import { type Command, refuse } from './command.ts'

export const breakGlass: Command = {
  summary: 'print codes that open the console while no mail can be sent',
  usage: 'print [--email <address>] [--json]',
  help: `Makes ten single-use codes for an administrator and prints them once; every earlier sheet of that person is void. It is
run on a machine that has the data folder, the secret file and the settings of access, and needs the database.
The page that takes them is /sign-in/break-glass.

Example: holdfast break-glass print --email ana@acme.example`,
  run(words) {
    const [verb, ...rest] = words
    if (verb !== 'print') return refuse('break-glass needs a verb: holdfast break-glass print.')
    const unknown = rest.find((word, at) => !['--json', '--email'].includes(word) && rest[at - 1] !== '--email')
    if (unknown !== undefined) {
      return refuse(`break-glass print has no option "${unknown}": see "holdfast break-glass --help".`)
    }
    if (rest.at(-1) === '--email') return refuse('break-glass print: --email needs an address.')
    return become('server/main.ts', ['break-glass', ...words])
  },
}
