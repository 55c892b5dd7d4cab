import type { BackupConfig } from '../backup-settings.ts'
import { isArchiveName, type Seal, sealName } from './archive.ts'
import { openFolderTarget } from './folder-target.ts'
import { BackupFailed, BackupRefused } from './refused.ts'
import { openS3Target } from './s3-target.ts'

/** Where archives lie: a folder, or a bucket. A name holds something whole, or nothing. */
export interface Target {
  /** For people: without any credential. */
  readonly label: string
  names(): Promise<string[]>
  /** Takes the bytes as they come; under its name there is nothing until all of them are there. */
  write(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>
  read(name: string): Promise<AsyncIterable<Uint8Array>>
  /** Undefined when there is none. */
  readText(name: string): Promise<string | undefined>
  remove(name: string): Promise<void>
}

export function openTarget(config: BackupConfig, given?: string): Target {
  const target = given ?? config.target
  if (!target) {
    throw new BackupRefused(
      'There is no target: set HOLDFAST_BACKUP_TARGET, or say --to <folder or s3://bucket/prefix>.',
    )
  }
  return target.startsWith('s3:') ? openS3Target(target, config.s3) : openFolderTarget(target)
}

const STAMP = 'holdfast.json'

/** A target holds the backups of one environment (law 7): its stamp is read before anything is written. */
export async function claim(target: Target, environment: string): Promise<void> {
  const text = await target.readText(STAMP)
  if (text === undefined) {
    const stamp = `${JSON.stringify({ holdfast: 'backups', environment })}\n`
    return target.write(STAMP, [Buffer.from(stamp)] as unknown as AsyncIterable<Uint8Array>)
  }
  const found = parsed<{ environment: string }>(text)?.environment
  if (found !== environment) {
    throw new BackupRefused(
      `${target.label} holds the backups of the environment "${found ?? '?'}", and this is "${environment}". Give each environment a target of its own.`,
    )
  }
}

/** Whole archives, newest first: those with a seal beside them. */
export async function archivesIn(target: Target): Promise<string[]> {
  const names = new Set(await target.names())
  return [...names]
    .filter((name) => isArchiveName(name) && names.has(sealName(name)))
    .sort()
    .reverse()
}

export async function readSeal(target: Target, archive: string): Promise<Seal> {
  const text = await target.readText(sealName(archive))
  if (text === undefined)
    throw new BackupFailed(`${archive} has no seal (${sealName(archive)}): it was never completed.`)
  const seal = parsed<Seal>(text)
  if (typeof seal?.sha256 !== 'string' || typeof seal.signature !== 'string') {
    throw new BackupFailed(`${sealName(archive)} is damaged.`)
  }
  return seal
}

function parsed<Shape>(text: string): Shape | undefined {
  try {
    return JSON.parse(text) as Shape
  } catch {
    // Not JSON is one more way to be damaged, and told as such by the caller.
    return undefined
  }
}
