import { become } from './become.ts'
import type { Command } from './command.ts'

export const bench: Command = {
  summary: 'measures how fast it is, beside the peers and beside what is possible',
  usage: 'sessions|flags [--rounds N] [--seconds S] [--only <contestant>] [--json]',
  help: 'Example: holdfast bench sessions --json',
  // The bench knows its contestants and its options.
  hasOwnHelp: true,
  run: (words) => become('bench/main.ts', words),
}
