import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { startProofAccess } from '../backup/proof-access.ts'
import type { Clock } from '../platform/clock.ts'
import { onOneConnection } from '../platform/database/index.ts'
import { freePort } from '../platform/postgres-server/index.ts'
import { forgotten } from './ask.ts'
import { type Credentials, makeCredentials } from './credentials.ts'
import { type Example, examplesOf } from './examples.ts'
import { type Figures, measure } from './measure.ts'
import { openRecorded } from './open-recorded.ts'
import { complaintsOf, type Page, pageOf } from './plan-book.ts'
import { keepPlannerStatistics, rowsByTable } from './planner-statistics.ts'
import { openPlace, type Place } from './place.ts'
import { findKnown, relationStatistics, serverFacts } from './queries.ts'
import { schemas } from './schemas.ts'
import type { Size } from './seed/size.ts'
import { MEDIAN_MAX_MS, table } from './table.ts'

export interface RunScale {
  size: Size
  /** Where the database stays; undefined: it goes. */
  folder: string | undefined
  isJson: boolean
  keepsStatistics: boolean
  clock: Clock
  signal: AbortSignal
  onProgress(line: string): void
}

const ENVIRONMENT = 'development'
/** One question of ours: an explanation, or the statistics of every column. */
const QUERY_MS = 60_000
const NO_MAIL_PORT = 9

/** Fills a database, asks everything there is to read of a real access on it, and holds the answers against the bar. */
export async function runScale(options: RunScale): Promise<{ text: string; isGood: boolean }> {
  const { clock, signal, onProgress } = options
  await using place = await openPlace({ ...options, now: clock.now() })
  return await onOneConnection(place.ownerUrl, QUERY_MS, async (db) => {
    const known = await findKnown(db)
    const examples = examplesOf(known, place.now)
    const credentials = await makeCredentials(db, known, ENVIRONMENT, clock.now())
    if (options.keepsStatistics) await keepPlannerStatistics(db, place.now)

    const loadBefore = loadavg()[0]!
    const { figures, missing } = await askEverything({ place, examples, credentials, signal, onProgress })
    const loadAfter = loadavg()[0]!
    const rowsOf = rowsByTable({ relations: await relationStatistics(db, schemas) })
    const pages = await explainEverything({ place, examples, credentials, db, rowsOf })

    const facts = await serverFacts(db)
    const cutOff = await place.countCutOff()
    const complaints = [
      ...missing,
      ...figures.filter(isTooSlow).map(({ name, medianMs }) => `${name}: ${Math.round(medianMs)} ms at the median`),
      ...figures
        .filter(({ status }) => status >= 400 && status !== 401)
        .map(({ name, status }) => `${name}: ${status}`),
      ...complaintsOf(pages),
      ...(cutOff > 0 ? [`${cutOff} statements met their deadline`] : []),
    ]
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, PostgreSQL ${facts.version}, ${(facts.bytes / 2 ** 30).toFixed(1)} GiB of database`
    const told = {
      at: clock.now(),
      machine,
      load: [loadBefore, loadAfter],
      size: options.size,
      figures,
      pages,
      complaints,
    }
    return { text: options.isJson ? JSON.stringify(told, null, 2) : table(told), isGood: complaints.length === 0 }
  })
}

const isTooSlow = ({ medianMs, mayTakeMs = MEDIAN_MAX_MS }: Figures) => medianMs >= mayTakeMs

interface Asking {
  place: Place
  examples: readonly Example[]
  credentials: Credentials
}

/** Over HTTP, of a process of its own, while everything that runs by itself runs. */
async function askEverything({
  place,
  ...asking
}: Asking & { signal: AbortSignal; onProgress(line: string): void }): Promise<{
  figures: Figures[]
  missing: string[]
}> {
  await using access = await startProofAccess({
    folder: place.folder,
    secretFile: place.secretFile,
    environment: ENVIRONMENT,
    urls: place,
    mailPort: NO_MAIL_PORT,
    port: await freePort(),
    signal: asking.signal,
  })
  place.onEnd(access.kill)
  const missing = await forgotten(access.url, asking.examples)
  return { missing, figures: await measure({ ...asking, url: access.url }) }
}

async function explainEverything({
  place,
  examples,
  ...planning
}: Asking & Omit<Parameters<typeof pageOf>[0], 'access'>): Promise<Page[]> {
  await using access = await openRecorded({ ...place, data: join(place.folder, 'recorded') })
  const pages: Page[] = []
  for (const example of examples) pages.push(await pageOf({ ...planning, access }, example))
  return pages
}
