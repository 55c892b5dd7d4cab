import { EXIT } from '../../command.ts'
import { ask, printable } from '../ask.ts'
import type { Connection } from '../connection.ts'

/** Thrown to end a command with an exit code; the line, if any, was not said yet. */
export class Ended extends Error {
  readonly exit: number
  readonly line: string | undefined
  constructor(exit: number, line?: string) {
    super(line)
    this.exit = exit
    this.line = line
  }
}

export const refused = (line: string) => new Ended(EXIT.refused, line)

/** One question; whatever is not answered ends the command. */
export async function answerOf<Body>(
  connection: Connection,
  line: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`,
  body?: Record<string, unknown>,
): Promise<Body> {
  const [method, path] = line.split(' ') as [string, string]
  const answered = await ask(connection, { method, path, body })
  if (answered.outcome === 'failed') throw new Ended(answered.exit, answered.line)
  return answered.body as Body
}

/** The work of one verb: done, or the reason why not on stderr. */
export async function ending(work: () => Promise<void>): Promise<number> {
  try {
    await work()
    return EXIT.done
  } catch (error) {
    if (!(error instanceof Ended)) throw error
    if (error.line !== undefined) process.stderr.write(`holdfast: ${error.line}\n`)
    return error.exit
  }
}

export const print = (...lines: readonly string[]) => {
  process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(''))
}

export const printJson = (value: unknown) => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export const at = (key: string) => encodeURIComponent(key)
