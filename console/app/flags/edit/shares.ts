import {
  moveBounds,
  type PlainOutcome,
  type PlainShare,
  type PlainSplit,
  TARGETING_KEY,
} from '@holdfast/sdk/flag-rules'

/** Shares in per cent. They always make a hundred, as a share is its weight of the sum. */
export function percentOf({ weight }: PlainShare, shares: readonly PlainShare[]): number {
  const total = shares.reduce((sum, share) => sum + share.weight, 0)
  return total === 0 ? 0 : Number(((weight / total) * 100).toFixed(3))
}

/** One share moves, the nearest others give way: whoever had the variant keeps it while its share grows. */
export function movedTo(split: PlainSplit, variant: string, percent: number): PlainSplit {
  const others = split.shares.find((share) => share.variant !== variant)?.variant ?? variant
  const within = Math.min(100, Math.max(0, percent))
  return { ...split, shares: moveBounds(split.shares, { variant, percent: within, others }) }
}

/** A split begins with nobody moved: what everybody got, everybody still gets. */
export function splitOf(outcome: PlainOutcome, names: readonly string[], standard: string | null): PlainSplit {
  if (outcome.kind === 'split') return outcome
  const all = outcome.kind === 'variant' ? outcome.variant : (standard ?? names[0] ?? '')
  const first = names.find((name) => name !== all) ?? all
  const shares =
    first === all
      ? [{ variant: all, weight: 100 }]
      : [
          { variant: first, weight: 0 },
          { variant: all, weight: 100 },
        ]
  return { kind: 'split', by: TARGETING_KEY, isShared: false, shares }
}
