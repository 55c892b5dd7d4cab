import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { REVOCATION_KEPT_MS } from '../../sdk/contract.ts'
import { readConfig } from '../config.ts'
import { assertOurs, readKeptStamp } from '../ground/environment/index.ts'
import { BACKUP_WORDS, type Flags, readFlags } from './flags.ts'
import { systemClock } from '../platform/clock.ts'
import { roleOf } from '../platform/database/index.ts'
import { newId } from '../platform/id.ts'
import { openLog } from '../platform/log.ts'
import { isArchiveName, rowsOf } from './archive.ts'
import { record } from './make-backup.ts'
import { keepSecret, openPlace, putBack, secretFor } from './place.ts'
import { inRows, openProgress } from './progress.ts'
import { openArchive, type OpenArchive } from './read-archive.ts'
import { readRecoveryKey, type RecoveryKey } from './recovery-key.ts'
import { BackupRefused } from './refused.ts'
import { restoreRows } from './restore.ts'
import type { Safety } from './safety/make-safe.ts'
import {
  type KnownEnds,
  parsePendingEnds,
  parseTombstones,
  readRevocationFiles,
  readTombstones,
} from './safety/revocation-files.ts'
import { archivesIn, openTarget, type Target } from './target.ts'

export interface Restored extends Safety {
  archive: string
  into: string
  snapshotAt: string
  rows: number
  tables: number
  isSecretRestored: boolean
  tombstonesGiven: boolean
  installationId: string
  tookS: number
}

/** `holdfast restore`: puts an archive into an empty place, and nothing into one that is not. */
export async function restoreCommand(words: readonly string[]): Promise<number> {
  const flags = readFlags(words, BACKUP_WORDS.restore)
  if (!flags.from) throw new BackupRefused('Say which archive: --from <archive> or --from latest.')
  const { config } = readConfig()
  const log = openLog({ level: 'warn', process: 'restore' })
  const startedAt = systemClock.now()
  const key = await readRecoveryKey(flags['recovery-key-file'])
  const { target, name } = await whichArchive(flags)
  await using archive = await openArchive({ target, name, key, signer: signerOf(flags, key) })
  const { head } = archive
  if (head.stamp.environment !== config.environment) {
    throw new BackupRefused(
      `${name} is of the environment "${head.stamp.environment}", and this is "${config.environment}". Set HOLDFAST_ENVIRONMENT to restore it as what it is.`,
    )
  }
  const into = flags.into === undefined ? undefined : resolve(flags.into)
  // A secret file that was named is where it was named; the usual one is in the data folder.
  const isUsual = config.secretFile === join(config.data, 'secret.key')
  const secretFile = into !== undefined && isUsual ? join(into, 'secret.key') : config.secretFile
  const data = into ?? config.data
  const kept = await readKeptStamp(join(data, 'access'))
  if (kept) assertOurs(kept, head.stamp, `the data folder (${data})`)
  const { secret, text } = await secretFor(head, secretFile)
  const known = await knownSince(flags, archive)
  const progress = openProgress({ isQuiet: flags.json === true, unit: inRows })
  await using place = await openPlace(config, into)
  const safety = await restoreRows({
    archive,
    ownerUrl: place.ownerUrl,
    appRole: roleOf(place.databaseUrl),
    log,
    safety: {
      now: systemClock.now(),
      secret,
      ends: known.ends,
      tombstones: known.tombstones,
      coversRemovals: (after) => known.coversRemovals(after, new Date(head.snapshotAt)),
      keepSessions: flags['keep-sessions'] === true,
    },
    onProgress: ({ rows, ofRows, table }) => progress.show(rows, ofRows, table),
    onFile: async (file, bytes) => void (await putBack(place.data, file, bytes)),
  })
  progress.end()
  await keepSecret(secretFile, text)
  place.keep()
  const endedAt = systemClock.now()
  const restored: Restored = {
    ...safety,
    archive: name,
    into: place.label,
    snapshotAt: head.snapshotAt,
    rows: rowsOf(archive.manifest),
    tables: archive.manifest.tables.length,
    isSecretRestored: text !== null,
    tombstonesGiven: known.tombstonesGiven,
    installationId: head.stamp.installationId,
    tookS: Math.round((endedAt.getTime() - startedAt.getTime()) / 100) / 10,
  }
  await record(
    { clock: systemClock, ownerUrl: place.ownerUrl },
    {
      id: newId('bkp', endedAt),
      kind: 'restore',
      startedAt,
      endedAt,
      problem: null,
      archive: name,
      size: archive.seal.size,
      snapshotAt: new Date(head.snapshotAt),
      facts: { ...safety },
    },
  )
  process.stdout.write(flags.json ? `${JSON.stringify(asJson(restored))}\n` : sentences(restored))
  return 0
}

/** The file that was named, wherever it lies, or the newest whole one of the target. */
export async function whichArchive(flags: Flags): Promise<{ target: Target; name: string }> {
  const { config } = readConfig()
  const given = flags.from
  if (given !== undefined && given !== 'latest' && !given.startsWith('s3:') && existsSync(given)) {
    const name = basename(given)
    if (!isArchiveName(name)) throw new BackupRefused(`${given} is not named like an archive of Holdfast.`)
    return { target: openTarget(config.backup, dirname(resolve(given))), name }
  }
  const target = openTarget(config.backup, flags.to)
  if (given !== undefined && given !== 'latest') {
    if (!isArchiveName(given)) throw new BackupRefused(`There is no archive "${given}" here.`)
    return { target, name: given }
  }
  const [name] = await archivesIn(target)
  if (!name) throw new BackupRefused(`There is no whole backup in ${target.label}.`)
  return { target, name }
}

export function signerOf(flags: Flags, key: RecoveryKey): string {
  const signer = flags['signed-by'] ?? key.signer
  if (!signer) {
    throw new BackupRefused(
      'The recovery key does not say whose signature to believe: add --signed-by with the key that "holdfast backup init" printed.',
    )
  }
  return signer
}

/** What disks know of the time since the backup: those of the archive, and those that were given. */
async function knownSince(flags: Flags, archive: OpenArchive) {
  const known = await readRevocationFiles(flags.revocations ?? [])
  const pending = parsePendingEnds((await archive.readFile('access/pending-ends.json')) ?? '[]', REVOCATION_KEPT_MS)
  const ends: KnownEnds = { ...known, ends: [...pending, ...known.ends] }
  const ofArchive = parseTombstones((await archive.readFile('access/tombstones.jsonl')) ?? '', 'the archive')
  const given = await readTombstones(flags.tombstones ?? [])
  return {
    ends,
    tombstones: [...ofArchive, ...given.stones],
    tombstonesGiven: (flags.tombstones ?? []).length > 0,
    coversRemovals: given.coversFrom,
  }
}

const asJson = (restored: Restored) => ({
  archive: restored.archive,
  into: restored.into,
  snapshot_at: restored.snapshotAt,
  installation_id: restored.installationId,
  tables: restored.tables,
  rows: restored.rows,
  secret_restored: restored.isSecretRestored,
  ended_as_known: restored.endedAsKnown,
  ended_as_restored: restored.endedAsRestored,
  may_be_resurrected: restored.mayBeResurrected,
  still_live: restored.stillLive,
  emptied_lockers: restored.emptiedLockers,
  voided_codes: restored.voidedCodes,
  withdrawn_policies: restored.withdrawnPolicies,
  forgotten_verdicts: restored.forgottenVerdicts,
  deleted_again: restored.deletedAgain,
  passkeys_removed_again: restored.passkeysRemovedAgain,
  unconfirmed_passkeys: restored.unconfirmedPasskeys,
  tombstones_given: restored.tombstonesGiven,
  took_s: restored.tookS,
})

function sentences(restored: Restored): string {
  const { endedAsKnown, endedAsRestored, mayBeResurrected, stillLive, voidedCodes } = restored
  const lines = [
    `restored      ${restored.archive} into ${restored.into}`,
    `it shows      ${restored.snapshotAt}: what came later is lost`,
    `rows          ${restored.rows} in ${restored.tables} tables, counted and equal`,
    `secret file   ${restored.isSecretRestored ? 'put back' : 'the one that was there; it is the right one'}`,
    `sessions      ${endedAsKnown} ended as it was known, ${endedAsRestored} ended because it was not, ${stillLive} live`,
    ...(mayBeResurrected > 0
      ? [
          `              of the ${mayBeResurrected} live ones, some may have been ended after the backup: --keep-sessions was said`,
        ]
      : []),
    `lockers       ${restored.emptiedLockers} emptied: nobody knows which of them were since`,
    `codes, links  ${voidedCodes} voided: whoever was signing in begins again`,
    ...(restored.withdrawnPolicies > 0
      ? [`policies      ${restored.withdrawnPolicies} looser ones that waited are withdrawn: ask for them again`]
      : []),
    ...(restored.forgottenVerdicts > 0
      ? [
          `providers     of ${restored.forgottenVerdicts} is forgotten that they were down, or ordered to be: they are looked at anew`,
        ]
      : []),
    `deleted       ${restored.deletedAgain} people deleted again`,
    ...(restored.tombstonesGiven
      ? []
      : ['              no --tombstones were given: whoever was deleted after the backup is there again']),
    `passkeys      ${restored.passkeysRemovedAgain} removed again, ${restored.unconfirmedPasskeys} open nothing until their owners confirm them`,
    ...(restored.tombstonesGiven && restored.unconfirmedPasskeys > 0
      ? [
          '              the --tombstones do not reach from the backup to the end: those of another machine may be missing',
        ]
      : []),
    `took          ${restored.tookS} s`,
    'Tokens, keys, staff, memberships, blocks and sign-in policies are as they were then: look through what was taken away since.',
    'Begin with "holdfast access" (or "holdfast start"), and print new break-glass codes.',
  ]
  return `${lines.join('\n')}\n`
}
