import type { Clock } from '../../platform/clock.ts'
import { type Database, onOneConnection } from '../../platform/database/index.ts'
import { keepVerification } from './seal/queries.ts'
import { type Problem, type Verified, type VerifyOptions, verifyChain } from './seal/verify-chain.ts'

export interface VerifyAuditOptions extends VerifyOptions {
  databaseUrl: string
  clock: Clock
}

/** One page of the walk. */
const QUERY_MS = 15_000
/** Kept for the console; the command prints all that are named. */
const PROBLEMS_KEPT_MAX = 100

/** Verifies the whole chain on a connection of its own. */
export const verifyAudit = ({ databaseUrl, ...options }: VerifyAuditOptions): Promise<Verified> =>
  onOneConnection(databaseUrl, QUERY_MS, (db) => verifyChain(db, options))

/** What was found is shown by `GET /v1/audit/seal`. */
export async function noteVerified(db: Database, verified: Verified, clock: Clock): Promise<void> {
  await keepVerification(db, {
    at: clock.now(),
    through_number: verified.number,
    entries: String(verified.entries),
    problems: verified.problems.slice(0, PROBLEMS_KEPT_MAX).map(sayProblem),
  })
}

export function sayProblem(problem: Problem): string {
  const batch = `batch ${problem.number}`
  switch (problem.kind) {
    case 'changed':
      return `aud_${problem.entry} was changed after it was sealed (${batch}).`
    case 'missing':
      return `aud_${problem.entry} was sealed and is not there any more (${batch}).`
    case 'inserted':
      return `aud_${problem.entry} was inserted behind a seal (${batch}).`
    case 'broken link':
      return `${batch} does not hang on the one before it.`
    case 'batch missing':
      return `${batch} is not there any more.`
    case 'batch changed':
      return `${batch} itself was changed.`
    case 'bad mac':
      return `${batch} was not sealed with the secret of this installation.`
    case 'bad anchor':
      return `What retention left behind at ${batch} was not left by it.`
    case 'not as noted':
      return `${batch} is not the one that was noted: the end of the chain was cut off or made anew.`
  }
}
