import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { findKeys, insertRun, inWords, makeKeysOnce, type Run } from '../ground/backups/index.ts'
import { BY_COMMAND_LINE, auditAt } from '../ground/audit/index.ts'
import { signalAt } from '../ground/signals/index.ts'
import type { Clock } from '../platform/clock.ts'
import { onOneConnection, type Queries } from '../platform/database/index.ts'
import { newId } from '../platform/id.ts'
import type { Secret } from '../platform/secret.ts'
import { archiveName, FORMAT, type Manifest, rowsOf, sealName } from './archive.ts'
import { BackupFailed, BackupRefused } from './refused.ts'
import { newSigner, type Signer, signerFrom } from './signer.ts'
import { inSnapshot, type Snapshot } from './snapshot.ts'
import { archivesIn, claim, readSeal, type Target } from './target.ts'
import { encryptedArchive } from './write-archive.ts'

export interface MakeBackup {
  config: Config
  ownerUrl: string
  secret: Secret
  target: Target
  clock: Clock
  version: string
  /** Of all tables, as far as they were read. */
  onProgress(done: { bytes: number; ofBytes: number; table: string }): void
  /** Somebody has changed their mind; nothing is left then. */
  signal?: AbortSignal
  /** How long nothing may move. */
  stallMs?: number
}

export interface Made {
  archive: string
  target: string
  size: number
  snapshotAt: Date
  tookS: number
  tables: number
  rows: number
  isSecretInside: boolean
  signer: string
  removed: string[]
}

/** Database and target both stand still: longer than any of their own deadlines. */
const STALL_MS = 5 * 60_000
const STALL_LOOK_MS = 5000
const QUERY_MS = 5000

/**
 * Writes one archive: a consistent instant of every table, encrypted for the recovery key, signed, and under its name only
 * when it is whole. What was begun and not completed is never taken for a backup: the seal is written last.
 */
export async function makeBackup(options: MakeBackup): Promise<Made> {
  const { clock, ownerUrl } = options
  const startedAt = clock.now()
  try {
    const made = await attempt(options, startedAt)
    await record(options, {
      ...runOf(options, startedAt),
      archive: made.archive,
      size: made.size,
      snapshotAt: made.snapshotAt,
      facts: { rows: made.rows, tables: made.tables, target: made.target },
    })
    return made
  } catch (error) {
    if (error instanceof BackupRefused) throw error
    const problem = error instanceof BackupFailed ? error.message : 'It met a fault; see the log.'
    // The database may be what failed: then its own health tells, and access records the rest.
    await record({ clock, ownerUrl }, { ...runOf(options, startedAt), problem }).catch(() => {})
    throw error
  }
}

const runOf = ({ clock }: { clock: Clock }, startedAt: Date): Run => ({
  id: newId('bkp', startedAt),
  kind: 'backup',
  startedAt,
  endedAt: clock.now(),
  problem: null,
  archive: null,
  size: null,
  snapshotAt: null,
  facts: {},
})

/** The run, its signal and its audit entry, or none of them. */
export async function record({ clock, ownerUrl }: { clock: Clock; ownerUrl: string }, run: Run): Promise<void> {
  const now = () => clock.now()
  const outcome = run.problem === null ? 'done' : 'failed'
  await onOneConnection(ownerUrl, QUERY_MS, async (db) => {
    await insertRun(db, run)
    await signalAt(now)(db, {
      kind: `${run.kind}.${outcome}`,
      subject: run.archive ?? run.id,
      facts: { problem: run.problem },
    })
    await auditAt(now)(db, {
      by: BY_COMMAND_LINE,
      action: `${run.kind}.${outcome}`,
      subject: { kind: 'backup', id: run.id },
      facts: { archive: run.archive, size: run.size },
    })
  })
}

async function attempt(options: MakeBackup, startedAt: Date): Promise<Made> {
  const { config, ownerUrl, target, clock } = options
  const { recipient, signer } = await keysFor(options)
  await claim(target, config.environment)
  const stall = watchForStall(options.stallMs ?? STALL_MS, options.signal)
  try {
    return await inSnapshot(ownerUrl, stall.signal, async (snapshot) => {
      const { stamp } = snapshot
      if (stamp.environment !== config.environment) throw foreign(stamp.environment, config.environment)
      const { archive, size, sha256, manifest } = await writeArchive(options, { snapshot, recipient, stall })
      const { environment, installationId } = stamp
      const snapshotAt = snapshot.at.toISOString()
      const seal = signer.sign({ format: FORMAT, archive, size, sha256, snapshotAt, environment, installationId })
      await target.write(sealName(archive), oneOf(`${JSON.stringify(seal, null, 1)}\n`))
      return {
        archive,
        target: target.label,
        size,
        snapshotAt: snapshot.at,
        tookS: Math.round((clock.now().getTime() - startedAt.getTime()) / 100) / 10,
        tables: manifest.tables.length,
        rows: rowsOf(manifest),
        isSecretInside: config.backup.secret === 'include',
        signer: signer.publicKey,
        removed: await removeOldest(target, { environment, installationId, keep: config.backup.keep }),
      }
    })
  } catch (error) {
    throw stall.signal.aborted ? new BackupFailed(String(stall.signal.reason), { cause: error }) : inOneLine(error)
  } finally {
    stall.end()
  }
}

const foreign = (found: string, ours: string) =>
  new BackupRefused(`The database belongs to the environment "${found}", and this is "${ours}".`)

/** A fault on the way, without the words of libraries that may repeat what they were given. */
function inOneLine(error: unknown): unknown {
  if (error instanceof BackupFailed || error instanceof BackupRefused) return error
  const { code, name } = error as { code?: string; name: string }
  const isOfDatabase = code !== undefined || name === 'DatabaseOutage' || name === 'DeadlineExceeded'
  if (!isOfDatabase && !/connection|terminated/i.test(String((error as Error).message))) return error
  return new BackupFailed('The database went away before all of it was read; nothing was kept.', { cause: error })
}

async function writeArchive(
  { config, secret, target, version, onProgress }: MakeBackup,
  { snapshot, recipient, stall }: { snapshot: Snapshot; recipient: string; stall: ReturnType<typeof watchForStall> },
): Promise<{ archive: string; size: number; sha256: string; manifest: Manifest }> {
  const archive = archiveName(config.environment, snapshot.at)
  const ofBytes = snapshot.tables.reduce((sum, table) => sum + table.bytes, 0)
  let read = 0
  const head = {
    format: FORMAT,
    holdfast: version,
    postgres: snapshot.postgres,
    stamp: snapshot.stamp,
    snapshotAt: snapshot.at.toISOString(),
    walPosition: snapshot.walPosition,
    migrations: snapshot.migrations,
    secretFingerprint: fingerprintOf(secret),
    secret: config.backup.secret === 'include' ? (await readFile(config.secretFile, 'utf8')).trim() : null,
  }
  const { bytes, manifest } = await encryptedArchive(
    {
      head,
      snapshot,
      dataFolder: config.data,
      onRead(table, portion) {
        read += portion
        stall.moved()
        onProgress({ bytes: read, ofBytes: Math.max(ofBytes, read), table })
      },
    },
    recipient,
  )
  const digest = createHash('sha256')
  let size = 0
  async function* counted() {
    for await (const portion of bytes) {
      digest.update(portion)
      size += portion.length
      stall.moved()
      yield portion
    }
  }
  await target.write(archive, counted())
  return { archive, size, sha256: digest.digest('hex'), manifest: manifest() }
}

export const fingerprintOf = (secret: Secret) => secret.hmac('backup fingerprint', 'holdfast').toString('hex', 0, 8)

const oneOf = (text: string) => [Buffer.from(text)] as unknown as AsyncIterable<Uint8Array>

/** For whom it is encrypted and by whom signed. The signer is made at first use; the recovery key never by itself. */
export async function keysFor(options: Pick<MakeBackup, 'config' | 'ownerUrl' | 'secret' | 'clock'>): Promise<{
  recipient: string
  signer: Signer
}> {
  const { config, ownerUrl, secret } = options
  const keys = await onOneConnection(ownerUrl, QUERY_MS, (db) => installationKeys(db, options))
  const recipient = config.backup.recipient ?? keys.recipient
  if (!recipient) {
    throw new BackupRefused(
      'There is no recovery key yet, so nobody could open a backup: run "holdfast backup init" once.',
    )
  }
  return { recipient, signer: signerFrom(keys, secret) }
}

export async function installationKeys(db: Queries, { secret, clock }: Pick<MakeBackup, 'secret' | 'clock'>) {
  const found = await findKeys(db)
  if (found) return found
  await makeKeysOnce(db, { recipient: null, ...newSigner(secret) }, clock.now())
  const made = await findKeys(db)
  if (!made) throw new Error('the keys of backups were written and are not there')
  return made
}

/** The seal goes first: from then on the rest is no backup any more. */
async function removeOldest(
  target: Target,
  { environment, installationId, keep }: { environment: string; installationId: string; keep: number },
): Promise<string[]> {
  const ours: string[] = []
  for (const archive of await archivesIn(target)) {
    const seal = await readSeal(target, archive).catch(() => undefined)
    // One that cannot be read is for a person to look at, and another's is not ours to remove.
    if (seal?.environment === environment && seal.installationId === installationId) ours.push(archive)
  }
  const surplus = ours.slice(keep)
  for (const archive of surplus) {
    await target.remove(sealName(archive))
    await target.remove(archive)
  }
  return surplus
}

function watchForStall(stallMs: number, signal?: AbortSignal) {
  const controller = new AbortController()
  let movedAt = performance.now()
  const giveUp = (why: string) => controller.abort(`${why}; nothing was kept.`)
  const interrupt = () => giveUp('The backup was interrupted')
  signal?.addEventListener('abort', interrupt, { once: true })
  const look = () => {
    const stoodMs = performance.now() - movedAt
    if (stoodMs >= stallMs) giveUp(`Nothing has moved for ${inWords(stallMs)}: the database or the target hangs`)
  }
  const timer = setInterval(look, Math.min(STALL_LOOK_MS, stallMs)).unref()
  return {
    signal: controller.signal,
    moved() {
      movedAt = performance.now()
    },
    end() {
      clearInterval(timer)
      signal?.removeEventListener('abort', interrupt)
    },
  }
}
