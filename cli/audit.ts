import { become } from './become.ts'
import { type Command, firstUnknown, refuse } from './command.ts'

export const audit: Command = {
  summary: 'whether anybody touched the record of who did what',
  usage: 'verify [--noted <batch>:<digest>] [--json]',
  help: `"verify" walks the whole chain of the audit: each sealed batch against the one before it and the secret file, each entry
against its batch. It says how far the audit is sealed, which entries were changed, are missing or were inserted, and how many
are not sealed yet. Exit code 1: something was touched. It reads; sign-in goes on meanwhile.

That the newest batches were cut off together with their entries can be seen only by whoever noted a digest elsewhere:
hand it in with --noted, as "verify" printed it.

Example: holdfast audit verify --noted 310:5f1d…`,
  run(words) {
    const [verb, ...rest] = words
    if (verb !== 'verify') return refuse('audit needs a verb: holdfast audit verify.')
    const place = rest.indexOf('--noted')
    const noted = place < 0 ? undefined : (rest[place + 1] ?? '')
    if (noted !== undefined && !/^[1-9][0-9]{0,17}:[0-9a-f]{64}$/.test(noted)) {
      return refuse('--noted takes a batch and its digest, as "holdfast audit verify" prints them: 310:5f1d….')
    }
    const others = rest.filter((_, index) => place < 0 || (index !== place && index !== place + 1))
    const unknown = firstUnknown(others, ['--json'])
    if (unknown !== undefined) return refuse(`audit verify has no option "${unknown}": see "holdfast audit --help".`)
    return become('server/main.ts', ['audit', ...words])
  },
}
