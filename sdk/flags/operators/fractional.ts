import { type NamedHash, WEIGHT_MAX } from '../hashes.ts'
import { type Call, type Compiler, eager, isRule, joinUnfixed, type Operator, type Part } from '../rule.ts'

/** A bucket, its variant and its weight. */
const PARTS_OF_ONE = 3

/** The buckets of one `fractional`, whose weights are known. */
interface Buckets {
  variants: readonly unknown[]
  weights: readonly number[]
  total: number
}

/**
 * `{"fractional": [by?, ["on", 25], ["off", 75]]}`: deals everybody out by a hash, the same way every time. `by` is
 * what is hashed; left out, the key of the flag and `targetingKey`. null where somebody has no key.
 */
export const fractional: Operator = (written, compiler) => {
  const dealer = new Dealer(compiler.hash(), compiler.flagKey)
  const slowly = () => eager((values, call) => dealOut(values, dealer, call), joinUnfixed)(written, compiler)
  if (isRule(written) || !Array.isArray(written) || written.length === 0) {
    compiler.reads('targetingKey')
    return slowly()
  }
  if (compiler.isChecked) checkWritten(written, compiler)
  const hasKey = !Array.isArray(written[0])
  compiler.reads('targetingKey')
  const buckets = bucketsOf(written.slice(hasKey ? 1 : 0), compiler)
  if (!buckets) return slowly()
  if (!hasKey) return onContext((_data, call) => chooseByTargetingKey(buckets, dealer, call))
  const by = compiler.settle(compiler.part(written[0], 0), 0)
  return onContext(byKey(by, written, buckets, dealer))
}

const onContext = (run: Part['run']): Part => ({ run, isFixed: false, isFixedInside: false })

/** How one flag deals out. */
class Dealer {
  readonly hash: NamedHash
  readonly #flagKey: string
  #ofKeys: ((targetingKey: unknown) => number) | undefined

  constructor(hash: NamedHash, flagKey: string) {
    this.hash = hash
    this.#flagKey = flagKey
  }

  /** Of who is asked for by their targeting key. Made ready for the first of them: most flags of a set are never asked. */
  ofKeys(targetingKey: unknown): number {
    this.#ofKeys ??= this.hash.ofKeysOf(this.#flagKey)
    return this.#ofKeys(targetingKey)
  }
}

function byKey(by: Part, written: readonly unknown[], buckets: Buckets, dealer: Dealer): Part['run'] {
  const { run } = by
  const { hash } = dealer
  return (data, call) => {
    const value = run(data, call)
    if (hash.accepts(value)) return choose(value, hash.ofValue(value), buckets, hash, call)
    // A rule may compute the first bucket in the place of a key.
    return dealOut([value, ...written.slice(1)], dealer, call)
  }
}

/** Nobody without a key is dealt out. */
function chooseByTargetingKey(buckets: Buckets, dealer: Dealer, call: Call): unknown {
  const { targetingKey } = call.root
  if (!targetingKey) return null
  return choose(targetingKey, dealer.ofKeys(targetingKey), buckets, dealer.hash, call)
}

function choose(by: unknown, hashed: number, buckets: Buckets, hash: NamedHash, call: Call): unknown {
  const { variants, weights, total } = buckets
  const chosen = hash.choose(hashed, weights, total)
  if (call.trace) {
    const position = hash.position(hashed, total)
    call.trace.bucket({ by, position, total, weights, variants, chosen })
  }
  return chosen < 0 ? null : variants[chosen]
}

/** As flagd does with values that are known only now; whatever is not as it must be is null. */
function dealOut(values: readonly unknown[], dealer: Dealer, call: Call): unknown {
  const { hash } = dealer
  if (values.length === 0) return null
  const hasKey = hash.accepts(values[0])
  const buckets = readBuckets(hasKey ? values.slice(1) : values)
  if (!buckets) return null
  if (!hasKey) return chooseByTargetingKey(buckets, dealer, call)
  return choose(values[0], hash.ofValue(values[0]), buckets, hash, call)
}

function readBuckets(entries: readonly unknown[]): Buckets | undefined {
  const variants: unknown[] = []
  const weights: number[] = []
  let total = 0
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length === 0 || entry.length > 2) return undefined
    const variant = entry[0] ?? null
    const weight = entry.length === 1 ? 1 : entry[1]
    if (typeof variant === 'object' && variant !== null) return undefined
    if (typeof weight !== 'number' || !Number.isInteger(weight)) return undefined
    variants.push(variant)
    weights.push(Math.max(0, weight))
    total += Math.max(0, weight)
  }
  return total > WEIGHT_MAX ? undefined : { variants, weights, total }
}

/** undefined: a rule is among them, or they are not as they must be. */
function bucketsOf(entries: readonly unknown[], compiler: Compiler): Buckets | undefined {
  compiler.counted(entries.length * PARTS_OF_ONE)
  return readBuckets(entries)
}

/** What is written and can never work is told when the flag is saved; flagd takes it for null, and on reading so do we. */
function checkWritten(written: readonly unknown[], compiler: Compiler): void {
  let total = 0
  for (const [index, entry] of written.entries()) {
    if (!Array.isArray(entry)) {
      if (index > 0) compiler.advise('bad_weight', 'Write each bucket as ["variant", weight].', index)
      continue
    }
    const weight = entry.length === 1 ? 1 : entry[1]
    if (isRule(weight)) continue
    if (entry.length === 0 || entry.length > 2 || typeof weight !== 'number' || !Number.isInteger(weight) || weight < 0)
      compiler.advise(
        'bad_weight',
        'Write each bucket as ["variant", weight], the weight a whole number from 0 on.',
        index,
      )
    else total += weight
  }
  if (total > WEIGHT_MAX) compiler.advise('bad_weight', `Make the weights smaller: together at most ${WEIGHT_MAX}.`)
}
