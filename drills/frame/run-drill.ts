import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { type ArmFigures, type ArmName, type Card, type Demand, judge, readCommit } from './card.ts'
import type { Progress } from './progress.ts'
import { openStage, PastBound, type Stage } from './stage.ts'

/** One of the incidents that Holdfast is built from, as something that can be done again. */
export interface Drill {
  name: string
  summary: string
  incident: string
  scales: { min: number; max: number }
  /** For one arm. */
  expectedMs(run: RunOptions): number
  boundMs(run: RunOptions): number
  /** Why it needs more than three minutes; said in the help. */
  boundReason: string
  run(arm: ArmName, scene: RunOptions & { stage: Stage; progress: Progress }): Promise<ArmResult>
}

export interface RunOptions {
  scale: number
  seed: number
}

export interface ArmResult {
  figures: ArmFigures
  demands: Demand[]
  /** Sentences for the card that are no complaint: what it took, and what was not looked at. */
  remarks: string[]
}

export interface DrillRun extends RunOptions {
  armNames: readonly ArmName[]
  progress: Progress
  interrupt: AbortSignal
  isKept: boolean
}

/**
 * Plays a drill, an arm after the other so that they do not take the machine from each other, and writes the card.
 * Whatever goes wrong with the drill itself ends in a card that says so: `invalid` is an answer, a stack trace is not.
 */
export async function runDrill(drill: Drill, run: DrillRun): Promise<Card> {
  const { armNames, progress, interrupt, isKept, seed, scale } = run
  const results: Partial<Record<ArmName, ArmResult>> = {}
  const broken: string[] = []
  for (const arm of armNames) {
    try {
      await using stage = await openStage({ boundMs: drill.boundMs(run), interrupt, isKept })
      if (isKept) progress.step(`${arm}: folder and logs stay in ${stage.folder}`)
      results[arm] = await drill.run(arm, { stage, progress, seed, scale })
    } catch (error) {
      broken.push(sentenceOf(arm, error, interrupt))
      if (interrupt.aborted) break
    }
  }
  const { verdict, why, bars } = judge(armNames.flatMap((arm) => results[arm]?.demands ?? []))
  const figures = Object.entries(results).map(([arm, { figures: seen }]) => [
    arm,
    { ...seen, details: { machine: machine(), ...seen.details } },
  ])
  return {
    drill: drill.name,
    commit: readCommit(import.meta.dirname),
    seed,
    verdict: broken.length > 0 ? 'invalid' : verdict,
    why: [...broken, ...why, ...armNames.flatMap((arm) => results[arm]?.remarks ?? []), ...remarks(run)],
    arms: Object.fromEntries(figures),
    bars,
  }
}

/** A figure without its machine is half a figure. */
export function machine(): Record<string, unknown> {
  return {
    cpu: cpus()[0]?.model.trim() ?? null,
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    // Above the number of cores somebody else was working too.
    load_average: Math.round(loadavg()[0]! * 10) / 10,
  }
}

function remarks({ scale, armNames }: DrillRun): string[] {
  const said: string[] = []
  if (scale !== 1) said.push(`Run at scale ${scale}: the times are not those that the drill stands for.`)
  if (!armNames.includes('holdfast')) said.push('The naive arm has no bars of its own: it shows what the fault costs.')
  return said
}

function sentenceOf(arm: ArmName, error: unknown, interrupt: AbortSignal): string {
  if (interrupt.aborted) return `Interrupted in the ${arm} arm. What the drill had started was ended.`
  if (error instanceof PastBound) return `${error.message} (${arm} arm)`
  return `The ${arm} arm could not be drilled: ${error instanceof Error ? error.message : String(error)}`
}
