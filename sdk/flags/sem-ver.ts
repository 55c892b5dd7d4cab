/** https://semver.org, version 2.0.0; build metadata is read and means nothing. */
const WHOLE = '0|[1-9]\\d*'
const PRE = `(?:${WHOLE}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`
const VERSION = new RegExp(
  `^v?(${WHOLE})\\.(${WHOLE})\\.(${WHOLE})(?:-(${PRE}(?:\\.${PRE})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
)
/** "1" and "1.2", as flagd takes them. */
const SHORT = new RegExp(`^(${WHOLE})(?:\\.(${WHOLE}))?$`)
/** As long as npm's; a longer text is not somebody's version. */
const LENGTH_MAX = 256

interface Version {
  numbers: readonly [number, number, number]
  before: readonly string[]
}

const comparisons: ReadonlyMap<string, (a: Version, b: Version) => boolean> = new Map([
  ['=', (a, b) => compare(a, b) === 0],
  ['!=', (a, b) => compare(a, b) !== 0],
  ['<', (a, b) => compare(a, b) < 0],
  ['<=', (a, b) => compare(a, b) <= 0],
  ['>', (a, b) => compare(a, b) > 0],
  ['>=', (a, b) => compare(a, b) >= 0],
  ['^', (a, b) => a.numbers[0] === b.numbers[0]],
  ['~', (a, b) => a.numbers[0] === b.numbers[0] && a.numbers[1] === b.numbers[1]],
])

/** null where either is no version, or nobody knows the sign: "not known" is not "no". */
export function compareVersions(left: unknown, sign: unknown, right: unknown): boolean | null {
  const [a, b] = [parseVersion(left), parseVersion(right)]
  if (a === undefined || b === undefined) return null
  return comparisons.get(String(sign))?.(a, b) ?? null
}

function parseVersion(written: unknown): Version | undefined {
  const text = String(written).replace(/^[vV]/, '')
  if (text.length > LENGTH_MAX) return undefined
  const found = VERSION.exec(text.trim()) ?? SHORT.exec(text)
  if (!found) return undefined
  const numbers = [Number(found[1]), Number(found[2] ?? 0), Number(found[3] ?? 0)] as const
  if (!numbers.every(Number.isSafeInteger)) return undefined
  return { numbers, before: found[4] === undefined ? [] : found[4].split('.') }
}

function compare(a: Version, b: Version): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = a.numbers[index]! - b.numbers[index]!
    if (difference !== 0) return difference
  }
  // 1.0.0-rc comes before 1.0.0.
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length
  return compareBefore(a.before, b.before)
}

function compareBefore(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length)
  for (let index = 0; index < shorter; index += 1) {
    const difference = comparePart(a[index]!, b[index]!)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Numbers by size, and before words. */
function comparePart(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumber && isOtherNumber) return Number(a) - Number(b)
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1
  return a === b ? 0 : a < b ? -1 : 1
}
