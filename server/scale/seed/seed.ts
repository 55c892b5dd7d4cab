import { queriesOver, type Queries, withClient } from '../../platform/database/index.ts'
import { within } from '../../platform/deadline.ts'
import { sources } from '../../open-store.ts'
import * as hurry from './hurry/queries.ts'
import * as queries from './queries.ts'
import type { Size } from './size.ts'
import * as waysIn from './ways-in/queries.ts'

export interface Seed {
  /** Of a database that is migrated and empty. */
  ownerUrl: string
  size: Size
  /** Up to when things happened there. */
  now: Date
  onProgress?: (line: string) => void
  signal?: AbortSignal
}

/** One statement may take this long: an index over millions of rows on a busy machine. */
const STATEMENT_MS = 15 * 60_000
const CONNECT_MS = 5000
/** Rows of one statement: enough to be fast, and soon enough done to be interrupted. */
const PORTION = 200_000

type Step = (db: Queries, portion: queries.Portion) => Promise<void>

/** Fills a database with people, organisations and sessions that are made up, and lets PostgreSQL take its statistics. */
export async function seed({ ownerUrl, size, now, onProgress = () => {}, signal }: Seed): Promise<void> {
  const options = { url: ownerUrl, name: 'holdfast scale', connectMs: CONNECT_MS, queryMs: STATEMENT_MS }
  await withClient({ ...options, ...(signal && { signal }) }, async (client) => {
    const ask = (text: string, values: unknown[] = []) =>
      within(STATEMENT_MS, 'the database', client.query(text, values))
    const db = queriesOver(({ text, values }) => ask(text, values as unknown[]))
    await ask(hurry.HURRY)
    await queries.makeFunctions(db)
    const schemas = sources.map(({ schema }) => schema)
    const removed = await hurry.keysAndIndexes(db, schemas)
    for (const { drop } of removed) await ask(drop)
    await fill(db, { size, now, onProgress })
    for (const { make } of removed.toReversed()) {
      onProgress(make)
      await ask(make)
    }
    onProgress('statistics of the planner')
    await ask(hurry.ANALYZE)
  })
}

async function fill(
  db: Queries,
  { size, now, onProgress }: Pick<Seed, 'size' | 'now'> & { onProgress(line: string): void },
) {
  const whole = { from: 0, to: 0, size, now }
  const inPortions = async (name: string, count: number, step: Step) => {
    for (let from = 0; from < count; from += PORTION) {
      onProgress(`${name} ${from} of ${count}`)
      await step(db, { from, to: Math.min(from + PORTION, count), size, now })
    }
  }
  await queries.insertFew(db, whole)
  await inPortions('users', size.users, queries.insertUsers)
  await waysIn.insertProviders(db, whole)
  await waysIn.insertEvidence(db, whole)
  await inPortions('linked identities', size.users, waysIn.insertLinkedIdentities)
  await inPortions('passkeys', size.users, waysIn.insertPasskeys)
  await inPortions('recovery codes', size.users, waysIn.insertRecoveryCodes)
  await waysIn.insertCeremonies(db, whole)
  await inPortions('known browsers', size.users, queries.insertKnownBrowsers)
  await inPortions('organisations', size.organizations, queries.insertOrganizations)
  await inPortions('memberships', queries.membershipsOf(size), queries.insertMemberships)
  await queries.countMembers(db)
  await inPortions('invitations', size.organizations * 2, queries.insertInvitations)
  await inPortions('sessions', size.sessions, queries.insertSessions)
  await inPortions('handles', size.sessions, queries.insertHandles)
  await queries.insertRevocations(db, now)
  await waysIn.insertPolicies(db, whole)
  await waysIn.insertFailOver(db, whole)
  await waysIn.insertDeadlines(db, now)
  onProgress('readiness')
  await waysIn.insertReadiness(db, whole)
  await inPortions('audit entries', size.users, queries.insertEntries)
  await queries.insertSeal(db, now)
  await inPortions('signals', size.users, queries.insertSignals)
  await queries.insertBuckets(db, whole)
  await queries.insertVerdicts(db, whole)
}
