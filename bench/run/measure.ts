import type { Contestant, Running, Scene } from '../contestant.ts'
import type { Sample } from '../figures/sample.ts'
import type { Generator } from '../load/generator.ts'

/** Enough that no server waits for its askers, few enough that two cores are not busy changing between them. */
const LANES = 64
/** A sign-in is several statements and a mail; more at once only wait for each other. */
const LANES_OF_JOURNEYS = 16
const WARM_MS = 400
/** After a restart all code has to be compiled again. */
const WARM_ANEW_MS = 1500

/** A contestant that is up, and its name. */
export interface Entrant {
  contestant: Contestant
  running: Running
}

/** Everybody asks again at once: the ceiling. */
export async function measureCeiling(entrant: Entrant, by: Measuring): Promise<Sample> {
  const { contestant, running } = entrant
  const { generator, scene, forMs } = by
  await reset(entrant, generator)
  const warmMs = warmMsOf(running)
  const { storeRoots } = scene
  if (running.work) {
    const report = await running.work({ warmMs, forMs, storeRoots })
    const elapsedMs = (contestant.isByCpu ? report.serverCpuMs : null) ?? report.elapsedMs
    return { ...report, elapsedMs, failed: 0, complaint: null, generatorCpuMs: null, lagP99Ms: null, p99Ms: null }
  }
  const { operationsMax = Number.MAX_SAFE_INTEGER } = running
  return generator.run({
    name: contestant.name,
    model: { kind: 'closed', operationsMax },
    lanes: lanesOf(running),
    // A journey that is limited in number is not spent on warming up; it has been warmed before the first round.
    warmMs: running.operationsMax ? 0 : warmMs,
    ...{ forMs, serverRoots: running.roots(), storeRoots },
  })
}

/** People who come by themselves, half as many as it could take. */
export async function measureAtHalf(entrant: Entrant, ceiling: number, by: Measuring): Promise<Sample> {
  const { contestant, running } = entrant
  const { generator, scene } = by
  await reset(entrant, generator)
  const perSecond = ceiling / 2
  const warmMs = warmMsOf(running)
  const mostMs = running.operationsMax ? (running.operationsMax * 1000) / perSecond - warmMs : by.forMs
  return generator.run({
    name: contestant.name,
    model: { kind: 'open', perSecond, seed: SEED },
    lanes: lanesOf(running) * 2,
    ...{ warmMs, forMs: Math.min(by.forMs, mostMs), serverRoots: running.roots(), storeRoots: scene.storeRoots },
  })
}

const SEED = 7
const warmMsOf = ({ reset }: Running) => (reset ? WARM_ANEW_MS : WARM_MS)

async function reset({ contestant, running }: Entrant, generator: Generator): Promise<void> {
  const ask = await running.reset?.()
  if (ask) await generator.prepare(contestant.name, ask)
}
const lanesOf = ({ ask }: Running) => (ask?.kind === 'journey' ? LANES_OF_JOURNEYS : LANES)

export interface Measuring {
  generator: Generator
  scene: Scene
  forMs: number
}
