import { onOneConnection, type Queries } from '../platform/database/index.ts'
import { makeCredentials } from './credentials.ts'
import { type Example, examplesOf } from './examples.ts'
import { openRecorded } from './open-recorded.ts'
import { type Page, pageOf, type Planning } from './plan-book.ts'
import { readPlannerStatistics, restorePlannerStatistics, rowsByTable } from './planner-statistics.ts'
import { findKnown } from './queries.ts'
import { seed } from './seed/seed.ts'
import type { Size } from './seed/size.ts'

/** Enough for every example to find something, and filled in a second or two. */
const SMALL: Size = { users: 2000, organizations: 200, sessions: 5000 }
const QUERY_MS = 20_000
const ENVIRONMENT = 'development'

export interface SmallPlace extends AsyncDisposable {
  /** Addresses that can be read, for the check that none is forgotten. */
  url: string
  examples: Example[]
  plan(examples: readonly Example[]): Promise<Page[]>
}

/** A small database that PostgreSQL plans for as if it were large, and access on it. It must be migrated and empty. */
export async function openSmallPlace(place: {
  databaseUrl: string
  ownerUrl: string
  data: string
  secretFile: string
  now: Date
}): Promise<SmallPlace> {
  const { ownerUrl, now } = place
  await seed({ ownerUrl, size: SMALL, now })
  const statistics = await readPlannerStatistics()
  const asOwner = <T>(work: (db: Queries) => Promise<T>) => onOneConnection(ownerUrl, QUERY_MS, work)
  const { examples, credentials } = await asOwner(async (db) => {
    const known = await findKnown(db)
    const made = await makeCredentials(db, known, ENVIRONMENT, now)
    await restorePlannerStatistics(db, statistics, now)
    return { examples: examplesOf(known, now), credentials: made }
  })
  const access = await openRecorded(place)
  return {
    url: access.url,
    examples,
    plan: (asked) =>
      asOwner(async (db) => {
        const planning: Planning = { access, credentials, db, rowsOf: rowsByTable(statistics) }
        const pages: Page[] = []
        for (const example of asked) pages.push(await pageOf(planning, example))
        return pages
      }),
    [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
  }
}
