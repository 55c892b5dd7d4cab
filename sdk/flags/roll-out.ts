import { WEIGHT_MAX } from './hashes.ts'
import {
  type PlainCondition,
  type PlainOutcome,
  type PlainRule,
  type PlainShare,
  type PlainSplit,
  type PlainTargeting,
  TARGETING_KEY,
} from './plain-rule.ts'
import { isSameJson } from './same-json.ts'

export interface Rollout {
  variant: string
  /** From 0 to 100, in steps of a thousandth. */
  percent: number
  /** Whom: those that meet the conditions. None: everybody that no other rule is about. */
  of?: Pick<PlainRule, 'match' | 'conditions'> | undefined
  /** The attribute to deal out by where nothing is dealt out yet. */
  by?: string | undefined
  /** Another variant: what the others get where nothing is dealt out yet. */
  others: string
}

/** A hundred per cent in thousandths. */
const WHOLE = 100_000

/**
 * Gives a variant to so many per cent. Whoever has it keeps it while the share grows, and when it shrinks nobody gets it
 * who had it not: the bounds between the shares move, and no more.
 */
export function rollOut(targeting: PlainTargeting, rollout: Rollout): PlainTargeting {
  const { of } = rollout
  if (!of || of.conditions.length === 0) {
    return { ...targeting, otherwise: dealt(targeting.otherwise, rollout) }
  }
  const isSame = (rule: PlainRule) => rule.match === of.match && isSameJson(rule.conditions, of.conditions)
  if (targeting.rules.some(isSame)) {
    const rules = targeting.rules.map((rule) =>
      isSame(rule) ? { ...rule, outcome: dealt(rule.outcome, rollout) } : rule,
    )
    return { ...targeting, rules }
  }
  const conditions: PlainCondition[] = [...of.conditions]
  const rule: PlainRule = { match: of.match, conditions, outcome: dealt({ kind: 'default' }, rollout) }
  // Before the others: it is about few, and they would otherwise never come to it.
  return { ...targeting, rules: [rule, ...targeting.rules] }
}

function dealt(outcome: PlainOutcome, { variant, percent, by, others }: Rollout): PlainSplit {
  const isDealtSo = outcome.kind === 'split' && (by === undefined || by === outcome.by)
  const other = outcome.kind === 'variant' && outcome.variant !== variant ? outcome.variant : others
  const whole = [
    { variant, weight: 0 },
    { variant: other, weight: WHOLE },
  ]
  const how = isDealtSo ? outcome : { by: by ?? TARGETING_KEY, isShared: false, shares: whole }
  return { kind: 'split', ...how, shares: moveBounds(how.shares, { variant, percent, others: other }) }
}

/**
 * The variant grows into the shares behind it first, the nearest before the others, then into those before it; what it
 * gives back goes to the nearest.
 */
export function moveBounds(
  shares: readonly PlainShare[],
  { variant, percent, others }: { variant: string; percent: number; others: string },
): PlainShare[] {
  const scaled = inThousandths(shares)
  const total = totalOf(scaled)
  if (!scaled.some((share) => share.variant === variant)) scaled.unshift({ variant, weight: 0 })
  if (scaled.every((share) => share.variant === variant)) scaled.push({ variant: others, weight: 0 })
  const has = totalOf(scaled.filter((share) => share.variant === variant))
  const missing = Math.round((percent / 100) * WHOLE) * (total / WHOLE) - has
  if (missing > 0) take(scaled, variant, missing)
  else giveBack(scaled, variant, -missing)
  return shortened(scaled)
}

const totalOf = (shares: readonly PlainShare[]) => shares.reduce((sum, { weight }) => sum + weight, 0)

/** The others, those behind a place first, the nearest first. */
function neighboursOf(shares: readonly PlainShare[], at: number): PlainShare[] {
  const { variant } = shares[at]!
  const before = shares.slice(0, at).reverse()
  return [...shares.slice(at + 1), ...before].filter((share) => share.variant !== variant)
}

function take(shares: readonly PlainShare[], variant: string, missing: number): void {
  const at = shares.findIndex((share) => share.variant === variant)
  let left = missing
  for (const neighbour of neighboursOf(shares, at)) {
    const taken = Math.min(neighbour.weight, left)
    neighbour.weight -= taken
    left -= taken
  }
  shares[at]!.weight += missing - left
}

function giveBack(shares: readonly PlainShare[], variant: string, surplus: number): void {
  let left = surplus
  for (const [at, share] of shares.entries()) {
    if (share.variant !== variant) continue
    const given = Math.min(share.weight, left)
    share.weight -= given
    neighboursOf(shares, at)[0]!.weight += given
    left -= given
  }
}

/** So that both the bounds that are and a thousandth of a per cent can be written exactly: who is not meant stays put. */
function inThousandths(shares: readonly PlainShare[]): PlainShare[] {
  const total = totalOf(shares)
  if (total === 0) return shares.map((share, index) => ({ ...share, weight: index === shares.length - 1 ? WHOLE : 0 }))
  const scale = WHOLE / commonDivisor(total, WHOLE)
  if (total * scale <= WEIGHT_MAX) return shares.map((share) => ({ ...share, weight: share.weight * scale }))
  // Too fine for both: the bounds are rounded, and not the weights, so that they add up.
  let [sum, from] = [0, 0]
  return shares.map(({ variant, weight }) => {
    sum += weight
    const to = Math.round((sum / total) * WHOLE)
    const share = { variant, weight: to - from }
    from = to
    return share
  })
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

/** 25 and 75 rather than 25000 and 75000: the same bounds, as people write them. */
function shortened(shares: readonly PlainShare[]): PlainShare[] {
  let short = shares
  while (totalOf(short) > 100 && short.every(({ weight }) => weight % 10 === 0))
    short = short.map(({ variant, weight }) => ({ variant, weight: weight / 10 }))
  return [...short]
}
