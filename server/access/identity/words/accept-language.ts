/** Longer lists are nobody's wishes. */
const HEADER_LENGTH_MAX = 1000
const RANGE = /^\s*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i

/**
 * The language that a browser asks for by Accept-Language, of those there are (RFC 9110 §12.5.4): the heaviest first,
 * of equal ones the first named, and none whose weight is 0. `de-AT` asks for `de`; `*` for any. Undefined: none of ours.
 */
export function languageAsked(header: string | undefined, ours: readonly string[]): string | undefined {
  const ranges = (header ?? '')
    .slice(0, HEADER_LENGTH_MAX)
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [, range, weight] = RANGE.exec(part) ?? []
      return range === undefined ? [] : [{ language: range.split('-')[0]!, weight: Number(weight ?? 1) }]
    })
  const unwanted = new Set(ranges.filter(({ weight }) => weight === 0).map(({ language }) => language))
  for (const { language } of ranges
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)) {
    if (ours.includes(language)) return language
    const any = language === '*' && ours.find((each) => !unwanted.has(each))
    if (any) return any
  }
  return undefined
}
