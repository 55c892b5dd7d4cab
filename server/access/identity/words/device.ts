import type { Words } from './words.ts'

/** A device as it was noted at the time, `Chrome on Windows`, in the words of whoever reads it now. */
export function deviceIn(words: Words, noted: string): string {
  const [, browser, system] = /^(.+) on ([^<>]+)$/.exec(noted) ?? []
  const named = (name: string | undefined) => (!name || name.startsWith('Unknown ') ? null : name)
  return words.device(named(browser ?? noted), named(system))
}
