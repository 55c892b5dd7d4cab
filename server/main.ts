import { join } from 'node:path'
import { rotateSigningKey } from './access/sessions/index.ts'
import { backupCommand } from './backup/command.ts'
import { BackupFailed, BackupRefused } from './backup/refused.ts'
import { restoreCommand } from './backup/restore-command.ts'
import { checkCommand } from './check/command.ts'
import { ConfigRefused, readConfig } from './config.ts'
import { checkStore, readKeptStamp, StampRefused } from './ground/environment/index.ts'
import { systemClock } from './platform/clock.ts'
import { DatabaseOutage, MigrationRefused, openDatabaseServer } from './platform/database/index.ts'
import { type Logger, openLog } from './platform/log.ts'
import { PostgresRefused } from './platform/postgres-server/index.ts'
import { openSecret, SecretRefused } from './platform/secret.ts'
import { printBreakGlass } from './print-break-glass.ts'
import { databaseUrls } from './open-store.ts'
import { followSiblings, restartProcesses, runProcesses, tellEnrolmentLink } from './run-processes.ts'
import { type Access, startAccess } from './start-access.ts'
import { verifyAuditCommand } from './verify-audit-command.ts'

/** Done, did not hold, bad usage: what every command of Holdfast ends with. */
const EXIT = { done: 0, notHeld: 1, refused: 2 } as const
/** A stop that takes longer is cut short; the supervisor's own deadline is behind it. */
const STOP_MS = 3000

const [command, ...words] = process.argv.slice(2)

try {
  if (command === 'access') await runAccess(words)
  else if (command === 'restart') process.exit(await restartProcesses(readConfig().config))
  else if (command === 'config') printConfig(words)
  else if (command === 'keys' && words[0] === 'rotate') await rotateKeys(words.slice(1))
  else if (command === 'break-glass' && words[0] === 'print') await printSheet(words.slice(1))
  else if (command === 'audit' && words[0] === 'verify') process.exit(await verifyAuditCommand(words.slice(1)))
  else if (command === 'backup') process.exit(await backupCommand(words))
  else if (command === 'check') process.exit(await checkCommand(words))
  else if (command === 'restore') process.exit(await restoreCommand(words))
  else refuse(`There is no command "${command ?? ''}". See "holdfast --help".`)
} catch (error) {
  end(error)
}

async function runAccess(flags: string[]): Promise<void> {
  const { config, origins } = readConfig()
  const number = flags.includes('--process') ? Number(flags[flags.indexOf('--process') + 1]) : undefined
  if (number === undefined && config.accessProcesses > 1) return runProcesses(config, flags, end)
  const log = openLog({ level: config.logLevel, process: `access${number === undefined ? '' : `-${number}`}` })
  const stop = stopWhenAsked(log)
  // A bug in what nobody waited for costs that piece of work, not everybody's front door.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a bug in work that nobody waited for'))
  const isFirst = number === undefined || number === 1
  const access = await startAccess({
    config,
    settings: origins,
    log,
    process: number ?? 1,
    withDemo: flags.includes('--demo') && isFirst,
    onRefused: end,
    onEnrolmentLink: isFirst ? tellEnrolmentLink : undefined,
  })
  stop.isOpen(access)
  if (number !== undefined) followSiblings(access, () => stop.now('it is replaced'))
  log.info({ listens: access.url, environment: config.environment }, 'access is open')
  process.send?.({ kind: 'ready', url: access.url })
}

/** Listens from the first moment: a start can take as long as a migration, and may be called off. */
function stopWhenAsked(log: Logger) {
  let access: Access | undefined
  let isStopping = false
  const stop = (why: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ why }, 'access is closing')
    // Nothing was served yet: there is nothing to end in order.
    if (!access) process.exit(EXIT.done)
    setTimeout(() => process.exit(EXIT.notHeld), STOP_MS).unref()
    access[Symbol.asyncDispose]().then(() => process.exit(EXIT.done), end)
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  // A supervisor that was killed cannot say so; without it this would be an orphan on a taken port.
  process.on('disconnect', () => stop('the supervisor has gone'))
  return {
    isOpen(opened: Access) {
      access = opened
    },
    now: stop,
  }
}

async function rotateKeys(flags: string[]): Promise<void> {
  const { config } = readConfig()
  const log = openLog({ level: 'warn', process: 'keys' })
  const folder = join(config.data, 'access')
  const { databaseUrl } = await databaseUrls(config)
  const stamp = await readKeptStamp(folder)
  if (!stamp) throw new StampRefused(`No access has run on ${config.data} yet: start it first, it makes the keys.`)
  await checkStore({ url: databaseUrl, stamp })
  await using database = openDatabaseServer({ url: databaseUrl, name: 'holdfast keys', clock: systemClock, log })
  const kid = await rotateSigningKey({
    db: database.database('background'),
    clock: systemClock,
    secret: await openSecret(config.secretFile, log),
    folder,
    by: 'command line',
  })
  const sentence = `${kid} signs from now on; every access process follows within half a minute.\n`
  process.stdout.write(flags.includes('--json') ? `${JSON.stringify({ kid })}\n` : sentence)
}

async function printSheet(flags: string[]): Promise<void> {
  process.stdout.write(await printBreakGlass(readConfig().config, flags))
}

function printConfig(flags: string[]): void {
  const { origins } = readConfig()
  if (flags.includes('--json')) {
    process.stdout.write(`${JSON.stringify(origins, null, 2)}\n`)
    return
  }
  for (const { variable, value, from, means } of origins) {
    process.stdout.write(`${variable.padEnd(28)} ${(value || '–').padEnd(40)} ${from.padEnd(12)} ${means}\n`)
  }
}

function end(error: unknown): never {
  const isRefusal = [ConfigRefused, StampRefused, MigrationRefused, SecretRefused, BackupRefused, PostgresRefused].some(
    (kind) => error instanceof kind,
  )
  if (isRefusal) refuse((error as Error).message)
  if (error instanceof BackupFailed) {
    process.stderr.write(`holdfast: ${error.message}\n`)
    process.exit(EXIT.notHeld)
  }
  if (error instanceof DatabaseOutage) {
    process.stderr.write(
      'holdfast: The database does not answer, so nothing was changed or it is not known whether it was. Try again.\n',
    )
    process.exit(EXIT.notHeld)
  }
  const code = (error as { code?: string }).code
  if (code === 'EADDRINUSE')
    refuse(`A port is taken: ${(error as Error).message}. Set another with HOLDFAST_ACCESS_PORT, or stop what uses it.`)
  if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT', 'ENOTDIR'].includes(code ?? '')) {
    refuse(`The data folder cannot be written: ${(error as Error).message}. Make room or set HOLDFAST_DATA.`)
  }
  process.stderr.write(`holdfast: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(EXIT.notHeld)
}

function refuse(lines: string): never {
  for (const line of lines.split('\n')) process.stderr.write(`holdfast: ${line}\n`)
  process.exit(EXIT.refused)
}
