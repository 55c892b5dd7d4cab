import type { Command } from '../command.ts'

/** A noun with one verb that works on this machine, and others that are asked of a Holdfast anywhere. */
export const joined = (here: Command, there: Command, verbHere: string): Command => ({
  summary: there.summary,
  usage: `${there.usage}, or ${here.usage} on this machine`,
  help: `${there.help}\n\nOn this machine:\n\n${here.help}`,
  run: (words) => (words[0] === verbHere ? here : there).run(words),
})
