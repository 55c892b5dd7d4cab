import { become } from './become.ts'
import { type Command, refuse } from './command.ts'

export const demo: Command = {
  summary: 'the demo app alone, beside a running access',
  usage: '',
  help: `Serves the notes app on HOLDFAST_DEMO_PORT. Its key is made by "holdfast start --demo" in the data folder; after that the
app runs without access too, which is what it is there to show.

Example: holdfast demo`,
  run(words) {
    if (words.length > 0) return refuse(`demo has no option "${words[0]}": see "holdfast demo --help".`)
    return become('examples/notes/main.ts', [])
  },
}
