import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { cookies } from '../../sdk/contract.ts'
import type { Clock } from '../platform/clock.ts'
import { onOneConnection } from '../platform/database/index.ts'
import { newId } from '../platform/id.ts'
import type { Logger } from '../platform/log.ts'
import { startMailSink } from '../platform/mail/index.ts'
import { freePort, startPostgres } from '../platform/postgres-server/index.ts'
import { rowsOf, tableName } from './archive.ts'
import { keepSecret, secretFor } from './place.ts'
import { startProofAccess } from './proof-access.ts'
import type { OpenArchive } from './read-archive.ts'
import { countRows, restoreRows, withoutNewest } from './restore.ts'
import { giveHandle, someEnded } from './safety/queries.ts'
import type { Safety } from './safety/make-safe.ts'
import { openScratch } from './scratch.ts'
import { signInByCode } from './sign-in-by-code.ts'

export interface Proof {
  archive: string
  snapshotAt: Date
  ageS: number
  /** How much time would be lost if the machine were gone now. */
  recoveryPointS: number
  /** From the archive in the target to the first person signed in. */
  recoveryTimeS: number
  rows: number
  tables: number
  safety: Safety
  checks: Check[]
  /** Rows in the live database now, where it answers. */
  live: Record<string, number> | null
  archived: Record<string, number>
  isSecretInside: boolean
}

/** `null`: could not be looked at. */
export interface Check {
  name: string
  held: boolean | null
  detail: string
}

export interface Prove {
  archive: OpenArchive
  /** When fetching it began. */
  startedAt: Date
  /** Of the installation, for an archive without one. */
  secretFile: string
  /** Of the live database; undefined: it is not there. */
  liveUrl: string | undefined
  clock: Clock
  log: Logger
  onProgress(done: { rows: number; ofRows: number; table: string }): void
  signal: AbortSignal
}

const QUERY_MS = 5000
const ENDED_SHOWN = 3
const ENVIRONMENT_MAX = 31
const LOOPBACK = '127.0.0.1'

/**
 * Restores an archive into a server of its own, starts a real access on it and signs in. The copy bears a stamp of its own,
 * knows no mail server but a folder on this machine, and is gone afterwards.
 */
export async function prove(options: Prove): Promise<Proof> {
  const { archive, clock, startedAt, log } = options
  const { head, manifest } = archive
  await using stack = new AsyncDisposableStack()
  const scratch = stack.use(await openScratch())
  const secretFile = join(scratch.folder, 'secret.key')
  const { text } = await secretFor(head, head.secret === null ? options.secretFile : secretFile)
  await keepSecret(secretFile, text ?? (await scratch.copyOf(options.secretFile)))
  const { secret } = await secretFor(head, secretFile)
  const postgres = await startPostgres({
    folder: join(scratch.folder, 'postgres'),
    dataFolder: scratch.folder,
    durability: 'throwaway',
    signal: options.signal,
  })
  stack.defer(() => postgres.stop())
  scratch.onEnd(() => postgres.kill())

  const stamp = {
    environment: `${head.stamp.environment.slice(0, ENVIRONMENT_MAX - '-proof'.length)}-proof`,
    installationId: newId('ins', clock.now()),
  }
  const safety = await restoreRows({
    archive,
    ownerUrl: postgres.ownerUrl,
    appRole: decodeURIComponent(new URL(postgres.databaseUrl).username),
    log,
    safety: { now: clock.now(), secret, ...NOTHING_KNOWN },
    stamp,
    onProgress: options.onProgress,
    async onFile(_, bytes) {
      // What the disk of the lost machine knew is not needed to sign in.
      for await (const _portion of bytes);
    },
  })
  options.signal.throwIfAborted()
  const restored = await countRows(postgres.ownerUrl, manifest.tables)
  const missing = await withoutNewest(postgres.ownerUrl, manifest.tables)
  const ended = await showEnded(postgres.ownerUrl, clock)

  const mailFolder = join(scratch.folder, 'mail')
  const sink = await startMailSink({ port: 0, host: LOOPBACK, folder: mailFolder, log })
  stack.defer(() => sink.close())
  const access = stack.use(
    await startProofAccess({
      folder: scratch.folder,
      secretFile,
      environment: stamp.environment,
      urls: postgres,
      mailPort: sink.port,
      port: await freePort(),
      signal: options.signal,
    }),
  )
  scratch.onEnd(access.kill)
  const person = await signInByCode(access.url, mailFolder)
  const recoveryTimeS = secondsBetween(startedAt, clock.now())
  const checks: Check[] = [
    ...person,
    ...(await refusals(access.url, ended)),
    ...compared(manifest.tables, restored, safety),
    newestThere(manifest.tables, missing),
  ]
  return {
    ...figuresOf(archive, clock.now()),
    recoveryTimeS,
    safety,
    checks,
    live: await liveCounts(options),
    archived: countsShown(new Map(manifest.tables.map((table) => [tableName(table), table.rows]))),
    isSecretInside: head.secret !== null,
  }
}

function figuresOf({ name, head, manifest }: Prove['archive'], now: Date) {
  const snapshotAt = new Date(head.snapshotAt)
  const ageS = secondsBetween(snapshotAt, now)
  const [rows, tables] = [rowsOf(manifest), manifest.tables.length]
  return { archive: name, snapshotAt, ageS, recoveryPointS: ageS, rows, tables }
}

const NOTHING_KNOWN = {
  ends: { ends: [], lastSeq: -1, coversFrom: () => false },
  tombstones: [],
  coversRemovals: () => false,
  keepSessions: false,
}
const secondsBetween = (from: Date, to: Date) => Math.max(0, Math.round((to.getTime() - from.getTime()) / 100) / 10)

interface Shown {
  handle: string
  id: string
  reason: string
}

/** Keys to sessions that have ended: their own are nowhere, for only their digests are kept. */
async function showEnded(url: string, clock: Clock): Promise<Shown[]> {
  return onOneConnection(url, QUERY_MS, async (db) => {
    const shown: Shown[] = []
    for (const { id, reason } of await someEnded(db, ENDED_SHOWN)) {
      const handle = randomBytes(32).toString('base64url')
      const digest = createHash('sha256').update(handle).digest()
      await giveHandle(db, { digest, sessionId: id, now: clock.now() })
      shown.push({ handle, id, reason })
    }
    return shown
  })
}

const ASK_MS = 10_000

async function refusals(url: string, ended: readonly Shown[]): Promise<Check[]> {
  if (ended.length === 0) {
    return [{ name: 'ended stays ended', held: null, detail: 'no session had ended before the backup' }]
  }
  const reasons: string[] = []
  for (const { handle } of ended) {
    const response = await fetch(`${url}/v1/session`, {
      headers: { cookie: `${cookies.handle}=${handle}` },
      signal: AbortSignal.timeout(ASK_MS),
    })
    const answer = (await response.json()) as { verdict: string; reason?: string }
    reasons.push(response.status === 401 ? String(answer.reason) : `${response.status} ${answer.verdict}`)
  }
  const held = ended.every(({ reason }, index) => reasons[index] === reason)
  return [{ name: 'ended stays ended', held, detail: `${ended.length} tried: ${[...new Set(reasons)].join(', ')}` }]
}

/** What making it safe adds is known to the row; everything else has to be what the archive says. */
const ADDED_TO = new Set(['sessions.revocation', 'sessions.handle', 'identity.tombstone'])

function compared(
  tables: OpenArchive['manifest']['tables'],
  restored: ReadonlyMap<string, number>,
  safety: Safety,
): Check[] {
  const wrong = tables.filter((table) => {
    const name = tableName(table)
    const added = name === 'sessions.revocation' ? safety.endedAsKnown + safety.endedAsRestored : 0
    const rows = restored.get(name) ?? -1
    return ADDED_TO.has(name) && name !== 'sessions.revocation' ? rows < table.rows : rows < table.rows + added
  })
  const detail = wrong.length === 0 ? `${tables.length} tables` : wrong.map(tableName).join(', ')
  return [{ name: 'counts equal the manifest', held: wrong.length === 0, detail }]
}

function newestThere(tables: OpenArchive['manifest']['tables'], missing: readonly string[]): Check {
  const looked = tables.filter(({ newest }) => newest !== null).length
  const held = missing.length === 0
  return { name: 'newest rows are there', held, detail: held ? `${looked} tables` : missing.join(', ') }
}

const SHOWN = ['identity.user', 'sessions.session', 'audit.entry']

const countsShown = (counts: ReadonlyMap<string, number>) =>
  Object.fromEntries(SHOWN.flatMap((name) => (counts.has(name) ? [[name, counts.get(name)!]] : [])))

async function liveCounts({ liveUrl, archive }: Prove): Promise<Record<string, number> | null> {
  if (liveUrl === undefined) return null
  const wanted = archive.manifest.tables.filter((table) => SHOWN.includes(tableName(table)))
  // A machine that is gone is what backups are for.
  return countRows(liveUrl, wanted).then(countsShown, () => null)
}
