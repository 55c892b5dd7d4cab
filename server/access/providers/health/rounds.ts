import type { EvidenceKind, EvidenceOutcome } from '../evidence.ts'

/** A row of evidence, as far as it is judged. */
export interface Evidence {
  id: number
  process_id: string
  /** By the database's clock: when the look began. */
  seen_at: Date
  round: string | null
  kind: EvidenceKind
  outcome: EvidenceOutcome
  fault: string | null
  is_control_good: boolean | null
}

/** One look of one process at every endpoint, or what a sign-in saw of one of them. */
export interface Round {
  process: string
  atMs: number
  /** What failed, and how. */
  faults: ReadonlyMap<EvidenceKind, string>
  /** What answered. */
  good: ReadonlySet<EvidenceKind>
  isLimited: boolean
  /** Null: nobody was asked. */
  isControlGood: boolean | null
}

/** Oldest first. */
export function roundsOf(evidence: readonly Evidence[]): Round[] {
  const groups = Map.groupBy(evidence, (each) => `${each.process_id} ${each.round ?? each.id}`)
  return [...groups.values()].map(roundOf).sort((one, other) => one.atMs - other.atMs)
}

function roundOf(rows: readonly Evidence[]): Round {
  const of = (outcome: EvidenceOutcome) => rows.filter((row) => row.outcome === outcome)
  const controls = rows.map((row) => row.is_control_good).filter((each) => each !== null)
  return {
    process: rows[0]!.process_id,
    atMs: Math.max(...rows.map((row) => row.seen_at.getTime())),
    faults: new Map(of('fault').map((row) => [row.kind, row.fault ?? 'unknown'])),
    good: new Set(of('good').map((row) => row.kind)),
    isLimited: of('limited').length > 0,
    isControlGood: controls.length === 0 ? null : controls.every((each) => each),
  }
}

export const isBad = ({ faults }: Round) => faults.size > 0

/** The newest of each process. */
export function newestOfEach(rounds: readonly Round[]): Round[] {
  return [...new Map(rounds.map((round) => [round.process, round])).values()]
}

export const processesOf = (rounds: readonly Round[]) => new Set(rounds.map((round) => round.process)).size

/** Whether the first and the last are so far apart. */
export function areApart(times: readonly number[], byMs: number): boolean {
  return times.length > 1 && Math.max(...times) - Math.min(...times) >= byMs
}
