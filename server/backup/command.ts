import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { findKeys, replaceRecipient } from '../ground/backups/index.ts'
import { checkStore, readKeptStamp, StampRefused } from '../ground/environment/index.ts'
import { readConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { onOneConnection } from '../platform/database/index.ts'
import { makeFile } from '../platform/durable-file.ts'
import { openLog } from '../platform/log.ts'
import { openSecret } from '../platform/secret.ts'
import { databaseUrls } from '../open-store.ts'
import { BACKUP_WORDS, readFlags } from './flags.ts'
import { untilInterrupted } from './interrupt.ts'
import { installationKeys, type Made, makeBackup } from './make-backup.ts'
import { inBytes, openProgress } from './progress.ts'
import { proveCommand } from './prove-command.ts'
import { newRecoveryKey, recoveryKeyText } from './recovery-key.ts'
import { BackupRefused } from './refused.ts'
import { openTarget } from './target.ts'

const QUERY_MS = 5000

/** `holdfast backup`, `backup init`, `backup prove`. Returns the exit code. */
export async function backupCommand(words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words
  if (verb === 'init') return init(rest)
  if (verb === 'prove') return proveCommand(rest)
  return backup(words)
}

/** What every command does first: the store is ours, or nothing is done with it. */
async function openStore() {
  const { config } = readConfig()
  const log = openLog({ level: 'warn', process: 'backup' })
  const { databaseUrl, ownerUrl } = await databaseUrls(config)
  const stamp = await readKeptStamp(`${config.data}/access`)
  if (!stamp)
    throw new StampRefused(`No access has run on ${config.data} yet: start it first, it makes what is to be kept.`)
  await checkStore({ url: databaseUrl, stamp })
  return { config, log, ownerUrl, secret: await openSecret(config.secretFile, log) }
}

async function backup(words: readonly string[]): Promise<number> {
  const flags = readFlags(words, BACKUP_WORDS.backup)
  const { config, ownerUrl, secret } = await openStore()
  const progress = openProgress({ isQuiet: flags.json === true, unit: inBytes })
  const made = await untilInterrupted((signal) =>
    makeBackup({
      config,
      ownerUrl,
      secret,
      target: openTarget(config.backup, flags.to),
      clock: systemClock,
      version: VERSION,
      onProgress: ({ bytes, ofBytes, table }) => progress.show(bytes, ofBytes, table),
      signal,
    }),
  ).finally(() => progress.end())
  process.stdout.write(flags.json ? `${JSON.stringify(asJson(made))}\n` : sentences(made))
  return 0
}

const VERSION = '0.1.0'

const asJson = (made: Made) => ({
  archive: made.archive,
  target: made.target,
  size: made.size,
  snapshot_at: made.snapshotAt.toISOString(),
  took_s: made.tookS,
  tables: made.tables,
  rows: made.rows,
  secret_included: made.isSecretInside,
  signed_by: made.signer,
  removed: made.removed,
})

function sentences(made: Made): string {
  const lines = [
    `${made.archive}  ${inBytes(made.size)}  ${made.rows} rows of ${made.tables} tables  ${made.tookS} s`,
    `It lies in ${made.target}, encrypted for the recovery key and signed by ${made.signer}.`,
    ...(made.isSecretInside
      ? []
      : ['The secret file is not part of it (HOLDFAST_BACKUP_SECRET=leave): keep it elsewhere, a restore needs it.']),
    ...made.removed.map((name) => `removed ${name}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Makes the recovery key once, shows it once, and keeps its public half alone. */
async function init(words: readonly string[]): Promise<number> {
  const flags = readFlags(words, BACKUP_WORDS.init)
  const { config, ownerUrl, secret } = await openStore()
  const keys = await onOneConnection(ownerUrl, QUERY_MS, (db) => installationKeys(db, { secret, clock: systemClock }))
  if (config.backup.recipient) {
    throw new BackupRefused(
      `HOLDFAST_BACKUP_RECIPIENT names a recovery key already (${config.backup.recipient}). Signed by: ${keys.signerPublic}.`,
    )
  }
  if (keys.recipient) {
    throw new BackupRefused(
      `There is a recovery key already (${keys.recipient}). For another one, make it with age-keygen and set HOLDFAST_BACKUP_RECIPIENT.`,
    )
  }
  const key = await newRecoveryKey(keys.signerPublic)
  const file = flags['recovery-key-file'] && resolve(flags['recovery-key-file'])
  const text = recoveryKeyText(key, config.environment)
  if (file !== undefined) await writeKey(file, text)
  else if (!process.stdout.isTTY && !flags.json) {
    throw new BackupRefused('This is no terminal to show a key on: say --recovery-key-file <a file to write it to>.')
  }
  // Kept only now: a key that nobody has seen must not be what backups are encrypted for.
  await onOneConnection(ownerUrl, QUERY_MS, async (db) => {
    await replaceRecipient(db, key.recipient)
    if ((await findKeys(db))?.recipient !== key.recipient) throw new Error('the recipient was written and is not there')
  })
  if (flags.json) {
    const shown = { recipient: key.recipient, signed_by: keys.signerPublic, recovery_key_file: file ?? null }
    process.stdout.write(`${JSON.stringify(file === undefined ? { ...shown, recovery_key: text } : shown)}\n`)
    return 0
  }
  process.stdout.write(
    file === undefined
      ? `${text}\nShown once. Keep it where this machine's loss does not reach it, in two places; not on this machine.\n`
      : `The recovery key is in ${file}. Move it to where this machine's loss does not reach it, in two places.\n`,
  )
  process.stdout.write(`recipient  ${key.recipient}\nsigned by  ${keys.signerPublic}\n`)
  return 0
}

async function writeKey(file: string, text: string): Promise<void> {
  if (existsSync(file) || !(await makeFile(file, text)))
    throw new BackupRefused(`${file} is there already: name another.`)
}
