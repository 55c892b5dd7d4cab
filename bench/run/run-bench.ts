import { readCommit } from '../../drills/frame/card.ts'
import type { Progress } from '../../drills/frame/progress.ts'
import { machine } from '../../drills/frame/run-drill.ts'
import type { Stage } from '../../drills/frame/stage.ts'
import { ratioBarsOf } from '../bars.ts'
import type { Bench, Rest } from '../bench.ts'
import type { Contestant, Scene } from '../contestant.ts'
import { complaintsAbout } from '../figures/honesty.ts'
import { medianOf } from '../figures/median.ts'
import { perSecond } from '../figures/sample.ts'
import type { Report } from '../report.ts'
import { type Entrant, measureAtHalf, measureCeiling, type Measuring } from './measure.ts'
import { openScene } from './open-scene.ts'
import { ratesOf, rowsOf, type Samples } from './rows.ts'

export interface BenchRun {
  bench: Bench
  chosen: readonly Contestant[]
  /** Null: all of them, and what is not a contestant's. */
  only: string[] | null
  rounds: number
  seconds: number
  /** Where contestants write a CPU profile as they end; null: nowhere. */
  profileFolder: string | null
  /** Where somebody has installed unleash-server; null: it does not take part. */
  unleashFolder: string | null
}

/** Makes ready and compiles; nothing of it is kept. */
const WARM_UP_MS = 1000

/**
 * One run: everybody is started once, and then they take turns, round by round, so that whoever else uses the machine
 * takes from all alike. Only one is asked at a time.
 */
export async function runBench(stage: Stage, progress: Progress, run: BenchRun): Promise<Report> {
  const { rounds, seconds } = run
  const { scene, generator } = await openScene(stage, progress, {
    profileFolder: run.profileFolder,
    unleashFolder: run.unleashFolder,
    isRedisNeeded: run.chosen.some(({ needs }) => needs === 'redis'),
  })
  const by: Measuring = { scene, generator, forMs: seconds * 1000 }
  const why: string[] = []
  const entrants: Entrant[] = []
  for (const contestant of run.chosen) {
    progress.step(`starting ${contestant.name}`)
    const running = await contestant.start(scene)
    if (running.ask) await generator.prepare(contestant.name, running.ask)
    entrants.push({ contestant, running })
  }
  for (const entrant of entrants) {
    progress.step(`warming up ${entrant.contestant.name}`)
    await measureCeiling(entrant, { ...by, forMs: WARM_UP_MS })
  }
  const all: Samples[] = entrants.map(({ contestant }) => ({ contestant, ceilings: [], atHalf: null }))
  for (let round = 0; round < rounds; round++) {
    for (const [index, entrant] of entrants.entries()) {
      progress.step(`round ${round + 1} of ${rounds}: ${entrant.contestant.name}`)
      const sample = await measureCeiling(entrant, by)
      progress.note(`${Math.round(perSecond(sample))}/s`)
      all[index]!.ceilings.push(sample)
      why.push(...complaintsAbout(sample, true).map((text) => `${entrant.contestant.name}: ${text}`))
    }
  }
  for (const [index, entrant] of entrants.entries()) {
    if (!entrant.running.ask) continue
    progress.step(`half its ceiling, open model: ${entrant.contestant.name}`)
    const sample = await measureAtHalf(entrant, medianOf(all[index]!.ceilings.map(perSecond))!, by)
    all[index]!.atHalf = sample
    why.push(...complaintsAbout(sample, false).map((text) => `${entrant.contestant.name} at half: ${text}`))
  }
  const rest = await run.bench.measureRest(entrants, by, { isWhole: run.only === null, rounds })
  if (run.profileFolder) await stopAll(entrants, scene)
  return report(run, all, { ...rest, why: [...new Set(why), ...rest.why] })
}

async function stopAll(entrants: Entrant[], scene: Scene): Promise<void> {
  for (const { running } of entrants) await running.stop?.()
  const areNeeded = (what: Contestant['needs']) => entrants.some(({ contestant }) => contestant.needs === what)
  if (areNeeded('holdfast')) await (await scene.holdfast()).stop()
  if (areNeeded('flags')) await (await scene.flags()).stop()
}

function report({ bench, chosen, rounds, seconds, only }: BenchRun, all: Samples[], { rows, bars, why }: Rest): Report {
  const rates = ratesOf(all)
  const allBars = [...ratioBarsOf(rates, bench.ratios), ...bars]
  const missed = allBars.filter(({ met }) => !met)
  const absent = bench.contestants.filter(({ needs }) => needs === 'unleash').filter((one) => !chosen.includes(one))
  return {
    bench: bench.name,
    commit: readCommit(import.meta.dirname),
    verdict: why.length > 0 ? 'invalid' : missed.length > 0 ? 'missed' : 'met',
    why: [
      ...why,
      ...missed.map(({ name, required, measured }) => `${name}: ${required} is required, ${measured} was measured`),
      ...(only ? [] : absent).map(({ name }) => `${name} was left out: name its folder by --unleash`),
    ],
    machine: machine(),
    run: { rounds, seconds, only },
    rows: [...rowsOf(all, rates), ...rows],
    bars: allBars,
  }
}
