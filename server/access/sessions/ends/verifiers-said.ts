import type { Static } from 'typebox'
import type { Queries } from '../../../platform/database/index.ts'
import type { BlindSpot } from '../session.ts'
import { VANISHED } from '../verifiers/verdict-counts.ts'
import { type CountedRow, countsBetween, type VerifierRow, verifiersBetween } from '../verifiers/queries.ts'
import { minuteOf } from '../verifiers/verifier-minute.ts'
import type { Verifiers } from './answers.ts'
import { blindBetween } from './queries.ts'

export type VerifiersSaid = Static<typeof Verifiers>
type Verdict = VerifiersSaid['access'][number]['verdicts'][number]['verdict']

/** Kinds of answers of so many verifiers; what is beyond is a list for a machine. */
const ROWS_MAX = 5000
const VERIFIERS_MAX = 500
const OUTAGES_MAX = 100

/** What every verifier said within a time, as they have told it by now. */
export async function verifiersSaid(
  db: Queries,
  window: { from: Date; to: Date },
  nameOf: (application: string) => string | null,
): Promise<VerifiersSaid> {
  const { from, to } = { from: minuteOf(window.from), to: window.to }
  const counted = await countsBetween(db, from, to, ROWS_MAX)
  const verifiers = await verifiersBetween(db, from, to, VERIFIERS_MAX)
  const blind = await blindBetween(db, from, to, OUTAGES_MAX)
  return {
    window: { from: from.toISOString(), to: to.toISOString() },
    access: ofAccess(counted, verifiers),
    applications: ofApplications(counted, verifiers, nameOf),
    outages: blind.map(outageOf),
  }
}

const outageOf = (spot: BlindSpot) => ({
  from: spot.started_at.toISOString(),
  to: spot.ended_at.toISOString(),
  what: 'The database did not take notes: who was seen in this time is not known, and it counts as idle for nobody.',
})

function ofAccess(counted: readonly CountedRow[], verifiers: readonly VerifierRow[]): VerifiersSaid['access'] {
  const processes = [...new Set(verifiers.filter((each) => each.kind === 'access').map((each) => each.instance))]
  return processes.map((process) => {
    const isIts = (row: { kind: string; instance: string }) => row.kind === 'access' && row.instance === process
    const own = counted.filter(isIts)
    return {
      process,
      verdicts: verdictsOf(own),
      vanished: sum(own.filter((row) => row.key === VANISHED)),
      // Told with each audience alike: the longest, not the sum.
      database_away_ms: Math.max(0, ...verifiers.filter(isIts).map((row) => row.away_ms)),
    }
  })
}

function ofApplications(
  counted: readonly CountedRow[],
  verifiers: readonly VerifierRow[],
  nameOf: (application: string) => string | null,
): VerifiersSaid['applications'] {
  const told = verifiers.filter((each) => each.kind === 'application')
  return [...new Set(told.map((each) => each.audience))].map((id) => ({
    application: { id, name: nameOf(id) },
    instances: told
      .filter((each) => each.audience === id)
      .map(({ instance, lag_ms, away_ms, reported_at }) => ({
        name: instance,
        verdicts: verdictsOf(
          counted.filter((row) => row.kind === 'application' && row.audience === id && row.instance === instance),
        ),
        lag_ms,
        access_away_ms: away_ms,
        reported_at: reported_at.toISOString(),
      })),
  }))
}

function verdictsOf(rows: readonly CountedRow[]) {
  const sums = new Map<string, number>()
  for (const { key, count } of rows) if (key !== VANISHED) sums.set(key, (sums.get(key) ?? 0) + count)
  return [...sums].map(([key, count]) => {
    const [verdict, reason, source] = key.split('/') as [Verdict, string, string]
    return { verdict, reason: reason || null, source: source || null, count }
  })
}

const sum = (rows: readonly { count: number }[]) => rows.reduce((total, row) => total + row.count, 0)

/** How many answers were `unknown`, and why most of them. */
export function unknownIn({ access, applications }: VerifiersSaid): { count: number; reason: string | null } {
  const all = [...access, ...applications.flatMap((each) => each.instances)].flatMap((each) => each.verdicts)
  const unknown = all.filter((each) => each.verdict === 'unknown').sort((one, other) => other.count - one.count)
  return { count: sum(unknown), reason: unknown[0]?.reason ?? null }
}
