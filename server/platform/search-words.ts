/** More words than anybody types; each one narrows the search. */
const SOUGHT_MAX = 8
/** As long as PostgreSQL takes many times over, and longer than any word. */
const WORD_MAX = 60

/**
 * The words of a text as they are looked for: small letters without accents, each once. They are written with
 * `array_to_tsvector`, because PostgreSQL's own reading depends on the locale somebody once made the cluster with.
 */
export function wordsIn(...texts: readonly (string | null)[]): string[] {
  const plain = texts
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return [...new Set(plain ?? [])].map((word) => word.slice(0, WORD_MAX))
}

/** A `tsquery` of beginnings: `Acme la` becomes `'acme':* & 'la':*`. Undefined: there is nothing to look for. */
export function beginningsOf(typed: string | undefined): string | undefined {
  const words = wordsIn(typed ?? '').slice(0, SOUGHT_MAX)
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ')
}
