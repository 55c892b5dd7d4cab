/** Something that was done with backups, recorded when it was over. */
export interface Run {
  id: string
  kind: 'backup' | 'proof' | 'restore'
  startedAt: Date
  endedAt: Date
  /** Null: it was done. */
  problem: string | null
  archive: string | null
  size: number | null
  /** The instant that the archive shows. */
  snapshotAt: Date | null
  facts: Readonly<Record<string, unknown>>
}

export interface Plan {
  /** As written in the settings; null: nothing runs by itself. */
  everyMs: number | null
  target: string | null
}

/** A round may be late by a restart, a long backup, or one that failed and was tried again. */
const LATE_FACTOR = 2
/** design of the runbook: a proof a month, and a few days' grace. */
const PROOF_MAX_MS = 35 * 24 * 60 * 60_000

/** What is wrong with backups, in sentences; empty when all is well. */
export function problemsOf(plan: Plan, runs: { last?: Run; failed?: Run; proved?: Run }, now: Date): string[] {
  const { last, failed, proved } = runs
  const ageOf = (run: Run) => now.getTime() - (run.snapshotAt ?? run.endedAt).getTime()
  const problems: string[] = []
  if (!plan.target) problems.push('There is no target for backups: set HOLDFAST_BACKUP_TARGET.')
  if (!last) problems.push('There is no backup yet: run "holdfast backup".')
  if (last && plan.everyMs !== null && ageOf(last) > plan.everyMs * LATE_FACTOR) {
    problems.push(`The newest backup is ${inWords(ageOf(last))} old, and one is due every ${inWords(plan.everyMs)}.`)
  }
  if (failed && (!last || failed.endedAt > last.endedAt)) problems.push(`The last backup failed: ${failed.problem}`)
  if (last && !proved) problems.push('No backup has been proved yet: run "holdfast backup prove".')
  if (proved && now.getTime() - proved.endedAt.getTime() > PROOF_MAX_MS) {
    problems.push(`The newest proof is ${inWords(now.getTime() - proved.endedAt.getTime())} old.`)
  }
  return problems
}

const UNITS = [
  [24 * 60 * 60_000, 'd'],
  [60 * 60_000, 'h'],
  [60_000, 'min'],
] as const

/** `36 h`, `5 min`: whole units, the largest of which there are two. */
export function inWords(ms: number): string {
  const [unit, name] = UNITS.find(([size]) => ms >= 2 * size || ms === size) ?? [1000, 's']
  return `${Math.round(ms / unit)} ${name}`
}
