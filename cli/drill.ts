import { become } from './become.ts'
import type { Command } from './command.ts'

export const drill: Command = {
  summary: 'does an incident again, with real components, and prints what it cost',
  usage: '<name>|all [--arm naive|holdfast|both] [--json]',
  help: 'Example: holdfast drill database-hang --json',
  // The drills know their names, their options and how long each takes.
  hasOwnHelp: true,
  run: (words) => become('drills/main.ts', words),
}
