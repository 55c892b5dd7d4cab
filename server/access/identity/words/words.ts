import { english } from './english.ts'
import { german } from './german.ts'

/** Whatever a language has to say. A new language is one file with this shape and one row below. */
export type Words = typeof english

const languages = new Map<string, Words>([english, german].map((words) => [words.language, words]))

/** The words for a BCP 47 tag such as `de-AT`; English where there is nothing better. */
export function wordsFor(locale: string | null | undefined): Words {
  const language = locale?.split('-')[0]?.toLowerCase() ?? ''
  return languages.get(language) ?? english
}
