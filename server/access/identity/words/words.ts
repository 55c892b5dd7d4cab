import { english } from './english.ts'

/** Whatever a language has to say. A new language is one file with this shape and one row below. */
export type Words = typeof english

const languages = new Map<string, Words>([['en', english]])

/** The words for a BCP 47 tag such as `de-AT`; English where there is nothing better. */
export function wordsFor(locale: string | null | undefined): Words {
  const language = locale?.split('-')[0]?.toLowerCase() ?? ''
  return languages.get(language) ?? english
}
