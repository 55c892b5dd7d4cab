import type { Queries } from '../../../../platform/database/index.ts'
import type { Provider } from '../../../providers/index.ts'
import type { Parts } from '../../parts.ts'
import { belongingTo } from '../decide-entry.ts'
import { takeTurn } from '../turns/queries.ts'
import { bestOf, judgePerson } from './judge-person.ts'
import { type Candidate, candidatesAmong, policiesOf } from './prospects.ts'
import * as queries from './queries.ts'
import { COUNTED_EVERY_MS, type Count, countIn, isSame, nobody, type Standing } from './readiness.ts'

/** Read and judged at once: some hundred milliseconds for PostgreSQL, and never a lock that anybody waits for. */
const PORTION = 2000
/** Ten million people; past that, the rest is counted by nobody, and the figures would say so by their age. */
const PORTIONS_MAX = 5000
const WRITTEN_AT_ONCE = 1000
const FORGOTTEN_AT_ONCE = 1000
const FORGETTING_ROUNDS_MAX = 100
/** Of one person: each organisation at each provider, and all of them together; hardly anybody has more than three. */
const ROWS_A_PERSON_MAX = 50
/** Of everybody, whatever organisation they are in. */
const ALL = ''

/** People between two ids; the first is not among them. */
interface Range {
  afterId: string
  toId: string
}

type Counts = Map<string, { providerId: string; organizationId: string; count: Count }>

/**
 * Counts who could sign in if a provider died now, for each provider and each organisation. People are read in portions in the
 * order of their ids; what is written is who could not, where that changed, and the sums in the end. One process does it.
 */
export async function countReadiness(parts: Parts, by: string): Promise<void> {
  const { background, clock } = parts
  const begunAt = clock.now()
  const turn = { name: 'readiness', everyMs: COUNTED_EVERY_MS, by }
  if (!(await takeTurn(background, turn, begunAt))) return
  await countNow(parts)
}

/** Whoever's turn it is. */
export async function countNow(parts: Parts): Promise<void> {
  const { background, clock } = parts
  // A process that has just started knows of none yet, and would take the figures of all of them away.
  await parts.providers.reload()
  const begunAt = clock.now()
  const providers = new Map(parts.providers.offered().map((provider) => [provider.id, provider]))
  const counts: Counts = new Map()
  for (const id of providers.keys()) countOf(counts, id, ALL)
  let afterId = ''
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const ids = await queries.linkedAfter(background, afterId, PORTION)
    const toId = ids.at(-1)
    if (toId === undefined) break
    const range = { afterId, toId }
    const people = await judgePortion(parts, background, { range, providers, counts })
    await keepPortion(background, range, people)
    afterId = toId
  }
  await untilFew(() => queries.forgetPeopleAfter(background, afterId, FORGOTTEN_AT_ONCE))
  await keepAll(background, counts, begunAt)
}

async function judgePortion(
  parts: Parts,
  db: Queries,
  { range, providers, counts }: { range: Range; providers: ReadonlyMap<string, Provider>; counts: Counts },
): Promise<queries.PersonRow[]> {
  const candidates = await candidatesAmong(parts, db, { portion: range, limit: PORTION }, providers)
  if (candidates.length === 0) return []
  const members = await parts.tenants.organizationsOf(db, [...new Set(candidates.map(({ userId }) => userId))])
  const policies = await policiesOf(db, [...new Set(members.map((row) => row.organization_id))])
  const organizationsOf = Map.groupBy(members, (row) => row.user_id)
  const now = parts.clock.now()
  return candidates.flatMap((candidate) => {
    const judge = (id: string, joinedAt: Date) => ({
      organizationId: id,
      standing: judgePerson(belongingTo(id, policies.get(id), joinedAt), candidate.person, {
        providerId: candidate.provider.id,
        now,
      }),
    })
    const theirs = (organizationsOf.get(candidate.userId) ?? []).map((row) =>
      judge(row.organization_id, row.created_at),
    )
    // Whoever is in none signs in by what is usual.
    const best = bestOf(theirs.map(({ standing }) => standing)) ?? judge(ALL, now).standing
    return [{ organizationId: ALL, standing: best }, ...theirs].flatMap((each) => noteStanding(counts, candidate, each))
  })
}

function noteStanding(
  counts: Counts,
  { userId, provider }: Candidate,
  { organizationId, standing }: { organizationId: string; standing: Standing },
): queries.PersonRow[] {
  countIn(countOf(counts, provider.id, organizationId), standing)
  if (standing.able === 'passkey') return []
  return [{ provider_id: provider.id, organization_id: organizationId, user_id: userId, ...standing }]
}

function countOf(counts: Counts, providerId: string, organizationId: string): Count {
  const key = `${providerId} ${organizationId}`
  const held = counts.get(key) ?? { providerId, organizationId, count: nobody() }
  counts.set(key, held)
  return held.count
}

/** Only what is not as it was the last time: on an ordinary day hardly anything is written. */
async function keepPortion(db: Parts['background'], range: Range, people: readonly queries.PersonRow[]): Promise<void> {
  const kept = await queries.keptPeople(db, range, PORTION * ROWS_A_PERSON_MAX)
  const before = new Map(kept.map((row) => [keyOf(row), row]))
  const changed = people.filter((row) => {
    const held = before.get(keyOf(row))
    before.delete(keyOf(row))
    return held?.able !== row.able || held.why !== row.why
  })
  const gone = [...before.values()]
  for (let from = 0; from < gone.length; from += WRITTEN_AT_ONCE)
    await queries.forgetPeople(db, gone.slice(from, from + WRITTEN_AT_ONCE))
  for (let from = 0; from < changed.length; from += WRITTEN_AT_ONCE)
    await queries.keepPeople(db, changed.slice(from, from + WRITTEN_AT_ONCE))
}

const keyOf = (row: queries.PersonRow) => `${row.provider_id} ${row.organization_id} ${row.user_id}`

/**
 * In the end: until then the figures of the count before stand. Of organisations only those that changed, for there may be a
 * hundred thousand; the sum of each provider always, for it says when all of them were counted.
 */
async function keepAll(db: Parts['background'], counts: Counts, at: Date): Promise<void> {
  const gone = await leaveOutSame(db, counts)
  const rows = [...counts.values()].map(({ providerId, organizationId, count }) => ({
    provider_id: providerId,
    organization_id: organizationId,
    ...count,
  }))
  for (let from = 0; from < rows.length; from += WRITTEN_AT_ONCE) {
    await queries.keepCounts(db, rows.slice(from, from + WRITTEN_AT_ONCE), at)
  }
  for (let from = 0; from < gone.length; from += WRITTEN_AT_ONCE) {
    await queries.forgetCounts(db, gone.slice(from, from + WRITTEN_AT_ONCE))
  }
}

/** Takes out of the counts what is kept already, and answers what was kept and is not among them any more. */
async function leaveOutSame(db: Parts['background'], counts: Counts): Promise<queries.CountRow[]> {
  const gone: queries.CountRow[] = []
  let after = { provider_id: '', organization_id: '' }
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const kept = await queries.keptCounts(db, after, PORTION)
    for (const row of kept) {
      const key = `${row.provider_id} ${row.organization_id}`
      const counted = counts.get(key)?.count
      if (!counted) gone.push(row)
      else if (row.organization_id !== ALL && isSame(counted, row)) counts.delete(key)
    }
    if (kept.length < PORTION) break
    after = kept.at(-1)!
  }
  return gone
}

/** What is left is taken by the next count. */
async function untilFew(forgetSome: () => Promise<number>): Promise<void> {
  for (let round = 0; round < FORGETTING_ROUNDS_MAX; round++) if ((await forgetSome()) < FORGOTTEN_AT_ONCE) return
}
