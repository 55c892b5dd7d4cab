import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { databaseUrls } from '../open-store.ts'
import type { Config } from '../config.ts'
import { addressesOf, databasePathOf } from '../platform/database/index.ts'
import { makeFile } from '../platform/durable-file.ts'
import { makeFolder } from '../platform/make-folder.ts'
import { startPostgres } from '../platform/postgres-server/index.ts'
import { openSecret, type Secret, secretFrom } from '../platform/secret.ts'
import type { Head } from './archive.ts'
import { fingerprintOf } from './make-backup.ts'
import { BackupRefused } from './refused.ts'
import { KEPT_FILES } from './write-archive.ts'

/** Where a restore goes: a database, and the data folder beside it. */
export interface Place extends AsyncDisposable {
  ownerUrl: string
  databaseUrl: string
  data: string
  label: string
  /** It is whole. A server that was made for a restore that failed goes away again, so that it can be begun anew. */
  keep(): void
}

/** A new embedded PostgreSQL in the data folder, or the database of the settings. Never one that is in use. */
export async function openPlace(config: Config, into: string | undefined): Promise<Place> {
  const data = into ?? config.data
  if (config.databaseUrl && into === undefined) {
    const urls = await databaseUrls(config)
    const label = `${addressesOf(urls.databaseUrl)}${databasePathOf(urls.databaseUrl)}`
    return { ...urls, data, label, keep() {}, async [Symbol.asyncDispose]() {} }
  }
  if (existsSync(join(data, 'postgres', 'cluster'))) {
    throw new BackupRefused(
      `${data} holds a PostgreSQL already: a restore overwrites nothing. Name an empty folder with --into.`,
    )
  }
  await makeFolder(data)
  const postgres = await startPostgres({ folder: join(data, 'postgres'), dataFolder: data })
  const { ownerUrl, databaseUrl } = postgres
  let isKept = false
  return {
    ownerUrl,
    databaseUrl,
    data,
    label: data,
    keep() {
      isKept = true
    },
    async [Symbol.asyncDispose]() {
      await postgres.stop()
      if (!isKept) await rm(join(data, 'postgres'), { recursive: true, force: true })
    },
  }
}

/**
 * The secret of the archive, or the one at hand when the archive has none; in both cases the one that the rows were sealed
 * under. A file that is there and holds another is never replaced.
 */
export async function secretFor(head: Head, secretFile: string): Promise<{ secret: Secret; text: string | null }> {
  const atHand = await readFile(secretFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (atHand === undefined) {
    if (head.secret === null) {
      throw new BackupRefused(
        `The secret file is not part of this archive (fingerprint ${head.secretFingerprint}), and ${secretFile} is not there: put it there first.`,
      )
    }
    return { secret: secretFrom(Buffer.from(head.secret, 'base64url')), text: head.secret }
  }
  const secret = await openSecret(secretFile)
  if (fingerprintOf(secret) !== head.secretFingerprint) {
    throw new BackupRefused(
      `${secretFile} is another secret (fingerprint ${fingerprintOf(secret)}) than that of this archive (${head.secretFingerprint}): put the right one there, or name a place where none is with HOLDFAST_SECRET_FILE.`,
    )
  }
  return { secret, text: null }
}

/** Made, never replaced, for its owner alone. */
export const keepSecret = (secretFile: string, text: string | null): Promise<unknown> =>
  text === null ? Promise.resolve() : makeFile(secretFile, `${text}\n`)

/** Puts a file of the data folder back, unless one is there: what is there is newer. */
export async function putBack(data: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  const path = join(data, name)
  if (!KEPT_FILES.includes(name)) throw new BackupRefused(`The archive holds a file "${name}" that is none of ours.`)
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (isThere) {
    for await (const _ of bytes);
    return false
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await using file = await open(path, 'wx', 0o600)
  for await (const portion of bytes) await file.writeFile(portion)
  await file.sync()
  return true
}
