/** One sub-command: a file of its own, named for its noun. */
export interface Command {
  /** One line in the list. */
  summary: string
  /** Behind `holdfast <name>`. */
  usage: string
  /** A few sentences and one example. */
  help: string
  /** Returns the exit code; one that becomes another program does not return. */
  run(words: readonly string[]): number | Promise<number>
  /** Answers `--help` itself. */
  hasOwnHelp?: true
}

/** Done, did not hold, bad usage or refused. */
export const EXIT = { done: 0, notHeld: 1, refused: 2 } as const

export function refuse(line: string): number {
  process.stderr.write(`holdfast: ${line}\n`)
  return EXIT.refused
}

/** The first word that is none of those; what a command does not know, it says instead of ignoring it. */
export function firstUnknown(words: readonly string[], known: readonly string[]): string | undefined {
  return words.find((word) => !known.includes(word))
}
