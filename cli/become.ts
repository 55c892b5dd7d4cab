import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { refuse } from './command.ts'

const ROOT = join(import.meta.dirname, '..')

/**
 * Becomes a program of this checkout: the same process, so that signals, the terminal and the exit code are its own
 * and nothing stands in between. Returns only to refuse.
 */
export function become(program: string, words: readonly string[]): number {
  const path = join(ROOT, program)
  if (!existsSync(path)) return refuse(`${program} is not here: this command needs a checkout of Holdfast.`)
  return process.execve!(process.execPath, [process.execPath, path, ...words], process.env) as never
}
