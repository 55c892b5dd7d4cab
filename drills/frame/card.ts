import { execFileSync } from 'node:child_process'

/** The figures every drill gives of an arm. What could not be measured is null, never 0. */
export interface ArmFigures {
  /** True only when every fault was seen to take effect. */
  fault_proven: boolean
  detect_s: number | null
  named_s: number | null
  sign_in_pct: number | null
  existing_pct: number | null
  wrong_answers: number | null
  recover_s: number | null
  lost: number | null
  duplicated: number | null
  resurrected: number | null
  false_alarms: number | null
  false_sign_outs: number | null
  details: Record<string, unknown>
}

export const arms = ['naive', 'holdfast'] as const
export type ArmName = (typeof arms)[number]

export interface Bar {
  name: string
  required: string
  measured: number | null
  met: boolean
}

export type DrillVerdict = 'held' | 'missed' | 'invalid'

export interface Card {
  drill: string
  commit: string
  seed: number
  verdict: DrillVerdict
  why: string[]
  arms: Partial<Record<ArmName, ArmFigures>>
  bars: Bar[]
}

/**
 * What a bar demands. `validity` bars say whether the drill proves anything at all (the fault took effect, the load was
 * what it claims to be): one that is not met makes the whole card invalid, however good the other figures look.
 */
export interface Demand {
  name: string
  kind: 'promise' | 'validity'
  measured: number | null
  required: { exactly: number } | { atMost: number } | { atLeast: number }
  /** Said when it is not met. */
  otherwise: string
}

export function barOf({ name, measured, required }: Demand): Bar {
  const [sign, limit] = Object.entries(required)[0] as ['exactly' | 'atMost' | 'atLeast', number]
  const text = { exactly: `${limit}`, atMost: `≤ ${limit}`, atLeast: `≥ ${limit}` }[sign]
  const isMet = {
    exactly: (value: number) => value === limit,
    atMost: (value: number) => value <= limit,
    atLeast: (value: number) => value >= limit,
  }[sign]
  return { name, required: text, measured, met: measured !== null && isMet(measured) }
}

/** Invalid before missed, missed before held: a drill without proof has neither held nor missed. */
export function judge(demands: Demand[]): { verdict: DrillVerdict; why: string[]; bars: Bar[] } {
  const bars = demands.map(barOf)
  const unmet = demands.filter((_, index) => !bars[index]!.met)
  const invalid = unmet.filter((demand) => demand.kind === 'validity')
  const verdict = invalid.length > 0 ? 'invalid' : unmet.length > 0 ? 'missed' : 'held'
  return {
    verdict,
    why: [...invalid, ...unmet.filter((one) => one.kind === 'promise')].map((one) => one.otherwise),
    bars,
  }
}

/** A share in per cent that is 100 only when it is all, and 0 only when it is none; null when there was nothing. */
export function percent(part: number, whole: number): number | null {
  if (whole === 0) return null
  if (part === whole) return 100
  const rounded = Math.round((part / whole) * 10_000) / 100
  return part === 0 ? 0 : Math.min(99.99, Math.max(0.01, rounded))
}

/** Seconds with two decimals, as they are printed. */
export function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 10) / 100
}

/** The commit that is drilled; `-dirty` when the tree was changed since, "unknown" outside a checkout. */
export function readCommit(folder: string): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}
