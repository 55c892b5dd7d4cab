import { become } from './become.ts'
import { type Command, firstUnknown, refuse } from './command.ts'

export const restart: Command = {
  summary: 'replace the access processes of this machine one by one',
  usage: '',
  help: `With HOLDFAST_ACCESS_PROCESSES at 2 or more: each process in turn finishes what it was asked, ends, and is started
anew from what lies on the disk now, while the others take what comes. No request fails. The same as SIGHUP to "holdfast access".

Example: holdfast restart`,
  run(words) {
    const unknown = firstUnknown(words, [])
    if (unknown !== undefined) return refuse(`restart has no option "${unknown}": see "holdfast restart --help".`)
    return become('server/main.ts', ['restart'])
  },
}
