/** More words find nobody whom eight did not. */
const WORDS_MAX = 8
const WORD_LENGTH_MAX = 60

/**
 * What somebody typed as a query of PostgreSQL: each word by its beginning, all of them. Only letters, digits and the
 * marks on them are left, so that nothing typed can be an operator. Undefined: there is no word in it.
 */
export function wordsOf(typed: string): string | undefined {
  const words = typed
    .toWellFormed()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
  if (words.length === 0) return undefined
  return words.map((word) => `'${word.slice(0, WORD_LENGTH_MAX)}':*`).join(' & ')
}
