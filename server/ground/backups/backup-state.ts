import type { Clock } from '../../platform/clock.ts'
import type { Queries } from '../../platform/database/index.ts'
import type { Dependency } from '../health/index.ts'
import { newestDone, newestFailed } from './queries.ts'
import { inWords, type Plan, problemsOf, type Run } from './run.ts'

interface Runs {
  last?: Run
  failed?: Run
  proved?: Run
}

/** What is on record about backups, as last read: for the overview, which is answered without the database. */
export interface BackupState {
  read(): Promise<Runs>
  /** Undefined where nobody has asked for backups: a worry of `holdfast check`, and not of everybody's overview. */
  asDependency(): Dependency | undefined
}

export function openBackupState(options: { db: Queries; clock: Clock; plan: Plan }): BackupState {
  const { db, clock, plan } = options
  let known: { runs: Runs; at: Date } | undefined
  return {
    async read() {
      const [last, failed, proved] = [
        await newestDone(db, 'backup'),
        await newestFailed(db, 'backup'),
        await newestDone(db, 'proof'),
      ]
      const runs: Runs = { ...(last && { last }), ...(failed && { failed }), ...(proved && { proved }) }
      known = { runs, at: clock.now() }
      return runs
    },
    asDependency() {
      if (plan.everyMs === null && !known?.runs.last) return undefined
      if (!known) return { name: 'backup', state: 'unknown', since: clock.now(), seenAt: null, detail: 'Not read yet.' }
      const { last, failed } = known.runs
      const isFailing = last === undefined || (failed !== undefined && failed.endedAt > last.endedAt)
      const [problem] = problemsOf(plan, known.runs, clock.now())
      const age = last ? inWords(clock.now().getTime() - (last.snapshotAt ?? last.endedAt).getTime()) : 'none'
      return {
        name: 'backup',
        state: isFailing ? 'failing' : 'ok',
        since: (isFailing ? failed : last)?.endedAt ?? known.at,
        seenAt: known.at,
        detail: problem ?? `The newest backup is ${age} old.`,
      }
    },
  }
}
