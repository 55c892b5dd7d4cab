import { languageAsked } from './accept-language.ts'
import { english } from './english.ts'
import { german } from './german.ts'

/** Whatever a language has to say. A new language is one file with this shape and one row below. */
export type Words = typeof english

/** The first is for whoever asks for none that there is. */
const all: readonly Words[] = [english, german]
const byLanguage = new Map(all.map((words) => [words.language, words]))

/** What can be chosen, each by the name that those who speak it have for it. */
export const languages: readonly { language: string; name: string }[] = all

export const isLanguage = (text: unknown): text is string => typeof text === 'string' && byLanguage.has(text)

/** The words for a BCP 47 tag such as `de-AT`; English where there is nothing better. */
export function wordsFor(locale: string | null | undefined): Words {
  return byLanguage.get(languageOf(locale) ?? '') ?? english
}

/** The language of ours that a BCP 47 tag asks for; undefined: none. */
export function languageOf(locale: string | null | undefined): string | undefined {
  const language = locale?.split('-')[0]?.toLowerCase()
  return isLanguage(language) ? language : undefined
}

/** The language of ours that an Accept-Language header asks for; undefined: none. */
export const languageOfHeader = (header: string | undefined) => languageAsked(header, [...byLanguage.keys()])
