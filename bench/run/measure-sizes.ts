import { readResidentMb } from '../figures/cpu.ts'
import { bytesPerSession } from '../holdfast/make-sessions.ts'
import type { Row } from '../report.ts'
import { type Entrant, measureCeiling, type Measuring } from './measure.ts'
import { figureRow } from './rows.ts'

/** Asking for all of them takes some seconds at any speed that meets the bar. */
const FILL_MS = 40_000
/** A look-up past its deadline is unknown; one in a hundred changes no figure of memory. */
const FAILED_SHARE_MAX = 0.01

/**
 * What a session takes, on disk and in memory. The cold contestant is one process of access, without supervisor and demo;
 * it has read none of them a moment ago, and then all. Resident memory, as the kernel counts it and a container is held
 * to it: garbage that V8 has not collected yet is in it.
 */
export async function measureSizes({ contestant, running }: Entrant, by: Measuring): Promise<Row[]> {
  const { ask } = running
  if (ask?.kind !== 'request') throw new Error(`${contestant.name} is not asked by requests.`)
  const { databaseUrl } = await by.scene.holdfast()
  const operationsMax = ask.credentials.length
  await running.reset?.()
  const emptyMb = readResidentMb(running.roots()[0]!)
  const { failed } = await measureCeiling(
    { contestant, running: { ...running, operationsMax } },
    { ...by, forMs: FILL_MS },
  )
  // With more than some of them not read it would be the memory of fewer.
  const fullMb = failed > operationsMax * FAILED_SHARE_MAX ? null : readResidentMb(running.roots()[0]!)
  const sessions = operationsMax.toLocaleString('en')
  return [
    row('bytes in PostgreSQL a session, indexes included', 'B', await bytesPerSession(databaseUrl)),
    row('resident memory of one access process that has just started', 'MB', emptyMb),
    row(`the same, right after it was asked for ${sessions} live sessions`, 'MB', fullMb),
  ]
}

const row = (measure: string, unit: string, figure: number | null) => figureRow({ measure, unit, figure })
