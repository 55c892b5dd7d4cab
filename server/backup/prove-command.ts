import { readConfig } from '../config.ts'
import { inWords } from '../ground/backups/index.ts'
import { readKeptStamp } from '../ground/environment/index.ts'
import { systemClock } from '../platform/clock.ts'
import { newId } from '../platform/id.ts'
import { openLog } from '../platform/log.ts'
import { databaseUrls } from '../open-store.ts'
import { BACKUP_WORDS, readFlags } from './flags.ts'
import { record } from './make-backup.ts'
import { inRows, openProgress } from './progress.ts'
import { type Check, type Proof, prove } from './prove.ts'
import { openArchive } from './read-archive.ts'
import { readRecoveryKey } from './recovery-key.ts'
import { untilInterrupted } from './interrupt.ts'
import { signerOf, whichArchive } from './restore-command.ts'

/** `holdfast backup prove`: 0 when everything held, 1 when something did not. */
export async function proveCommand(words: readonly string[]): Promise<number> {
  const flags = readFlags(words, BACKUP_WORDS.prove)
  const { config } = readConfig()
  const key = await readRecoveryKey(flags['recovery-key-file'])
  const startedAt = systemClock.now()
  const { target, name } = await whichArchive(flags)
  const log = openLog({ level: 'silent', process: 'prove' })
  const progress = openProgress({ isQuiet: flags.json === true, unit: inRows })
  const liveUrl = await liveOwnerUrl()
  const proof = await untilInterrupted(async (signal) => {
    await using archive = await openArchive({ target, name, key, signer: signerOf(flags, key) })
    return await prove({
      archive,
      startedAt,
      secretFile: config.secretFile,
      liveUrl,
      clock: systemClock,
      log,
      onProgress: ({ rows, ofRows, table }) => progress.show(rows, ofRows, table),
      signal,
    })
  }).finally(() => progress.end())
  const held = proof.checks.every((check) => check.held !== false)
  if (liveUrl !== undefined) await recordProof(proof, { held, startedAt, ownerUrl: liveUrl })
  process.stdout.write(flags.json ? `${JSON.stringify(asJson(proof, held))}\n` : sentences(proof, held))
  return held ? 0 : 1

  /** Undefined where nothing of the installation is left but its archive. */
  async function liveOwnerUrl(): Promise<string | undefined> {
    const stamp = await readKeptStamp(`${config.data}/access`).catch(() => undefined)
    if (!stamp) return undefined
    return databaseUrls(config).then(
      ({ ownerUrl }) => ownerUrl,
      () => undefined,
    )
  }
}

async function recordProof(
  proof: Proof,
  { held, startedAt, ownerUrl }: { held: boolean; startedAt: Date; ownerUrl: string },
): Promise<void> {
  const endedAt = systemClock.now()
  const missed = proof.checks.filter((check) => check.held === false).map(({ name }) => name)
  await record(
    { clock: systemClock, ownerUrl },
    {
      id: newId('bkp', endedAt),
      kind: 'proof',
      startedAt,
      endedAt,
      problem: held ? null : `It did not hold: ${missed.join(', ')}.`,
      archive: proof.archive,
      size: null,
      snapshotAt: proof.snapshotAt,
      facts: { recovery_time_s: proof.recoveryTimeS, recovery_point_s: proof.recoveryPointS, rows: proof.rows },
    },
  ).catch(() => {
    process.stderr.write('holdfast: the live database did not take the record of this proof.\n')
  })
}

const asJson = (proof: Proof, held: boolean) => ({
  archive: proof.archive,
  verdict: held ? 'held' : 'missed',
  snapshot_at: proof.snapshotAt.toISOString(),
  age_s: proof.ageS,
  recovery_point_s: proof.recoveryPointS,
  recovery_time_s: proof.recoveryTimeS,
  tables: proof.tables,
  rows: proof.rows,
  secret_included: proof.isSecretInside,
  archived: proof.archived,
  live: proof.live,
  ended_as_restored: proof.safety.endedAsRestored,
  checks: proof.checks,
})

const shownCheck = ({ name, held, detail }: Check) =>
  `${held === null ? 'not seen' : held ? 'held    ' : 'MISSED  '}  ${name}: ${detail}`

function sentences(proof: Proof, held: boolean): string {
  const counts = Object.entries(proof.archived).map(([name, rows]) => {
    const now = proof.live?.[name]
    return `  ${name.padEnd(18)} ${rows} in the archive, ${now === undefined ? 'live database not seen' : `${now} live`}`
  })
  const lines = [
    `archive        ${proof.archive}, ${inWords(proof.ageS * 1000)} old`,
    `recovery point ${inWords(proof.recoveryPointS * 1000)}: what would be lost if this machine were gone now`,
    `recovery time  ${proof.recoveryTimeS} s from the archive to the first person signed in, on this machine`,
    `rows           ${proof.rows} in ${proof.tables} tables`,
    ...counts,
    ...(proof.isSecretInside
      ? []
      : ['secret file    not in the archive; the one at hand was used, and it is the right one']),
    ...proof.checks.map(shownCheck),
    held ? 'It held. The copy is gone.' : 'It did not hold. The copy is gone.',
  ]
  return `${lines.join('\n')}\n`
}
