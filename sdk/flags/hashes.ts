import { encodeCbor } from './cbor.ts'
import { murmur3, murmur3After, murmur3Bytes } from './murmur3.ts'

/** The sum of the weights of one `fractional`, as flagd bounds it. */
export const WEIGHT_MAX = 2_147_483_647

/**
 * A way to deal users out. It never changes once it has a name: a flag is pinned to one when it is saved, so that an
 * upgrade moves nobody. Another vendor's way is another entry of the table.
 */
export interface NamedHash {
  /** Whether the first argument of `fractional` is a key to deal out by, rather than the first bucket. */
  accepts(value: unknown): boolean
  ofValue(value: unknown): number
  /** Of a flag that names no key: what hashes the targeting keys of its users. */
  ofKeysOf(flagKey: string): (targetingKey: unknown) => number
  /** Where in `[0, total)` a hash falls. */
  position(hash: number, total: number): number
  /** Which bucket a hash falls into, or -1. */
  choose(hash: number, weights: readonly number[], total: number): number
}

const isText = (value: unknown) => typeof value === 'string'

/** In halves of 16 bits, because `hash * total` is larger than a number of JavaScript is exact. */
function project(hash: number, total: number): number {
  return Math.floor(((hash >>> 16) * total + Math.floor(((hash & 0xffff) * total) / 65_536)) / 65_536)
}

function chooseByWeight(hash: number, weights: readonly number[], total: number): number {
  const position = project(hash, total)
  let sum = 0
  for (let index = 0; index < weights.length; index += 1) {
    sum += weights[index]!
    if (sum > position) return index
  }
  return -1
}

/** How far of a hundred the first version goes; one hash of 2^32 lies beyond, and belongs to nobody. */
const percentOf = (hash: number) => (Math.abs(hash | 0) / 2_147_483_647) * 100

function chooseByPercent(hash: number, weights: readonly number[], total: number): number {
  const percent = percentOf(hash)
  let end = 0
  for (let index = 0; index < weights.length; index += 1) {
    end += total === 0 ? 0 : (100 * weights[index]!) / total
    if (percent < end) return index
  }
  return -1
}

const flagdV1: NamedHash = {
  accepts: isText,
  ofValue: (value) => murmur3(value as string),
  ofKeysOf: (flagKey) => {
    const hash = murmur3After(flagKey)
    return (targetingKey) => hash(String(targetingKey))
  },
  position: (hash, total) => (percentOf(hash) * total) / 100,
  choose: chooseByPercent,
}
const flagdV2: NamedHash = { ...flagdV1, position: project, choose: chooseByWeight }
const flagdV3: NamedHash = {
  ...flagdV2,
  accepts: (value) => value !== null && value !== undefined && !Array.isArray(value),
  ofValue: (value) => murmur3Bytes(encodeCbor(value)),
  ofKeysOf: (flagKey) => (targetingKey) => murmur3Bytes(encodeCbor([flagKey, targetingKey])),
}

/** Every hash that a flag may be pinned to, by its name in `holdfast.hash`. */
export const HASHES: ReadonlyMap<string, NamedHash> = new Map([
  ['flagd-v1', flagdV1],
  ['flagd-v2', flagdV2],
  ['flagd-v3', flagdV3],
])

/** What flagd does since April 2026. */
export const HASH_BY_DEFAULT = 'flagd-v2'
