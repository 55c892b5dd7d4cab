import { parseArgs, type ParseArgsConfig } from 'node:util'

/** Told in one line that says what to do; exit code 2. */
export class BadUsage extends Error {
  override name = 'BadUsage'
}

/** Throws `BadUsage` for an option that is not among these, or lacks its value. */
export function parseWords<const Options extends NonNullable<ParseArgsConfig['options']>>(
  words: string[],
  options: Options,
) {
  try {
    return parseArgs({ args: words, allowPositionals: true, options })
  } catch (error) {
    throw new BadUsage(`${(error as Error).message.split('.')[0]}. See --help.`)
  }
}

export function readNumber(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= min && value <= max))
    throw new BadUsage(`${option} is a number from ${min} to ${max}, not "${text}".`)
  return value
}
