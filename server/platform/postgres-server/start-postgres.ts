import { existsSync } from 'node:fs'
import { mkdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { clearAway, findOrphan } from './clear-away.ts'
import {
  type Connection,
  connectionFor,
  newPasswords,
  passwordsOf,
  readConnection,
  writeConnection,
} from './connection-file.ts'
import { freePort, isPortFree } from './free-port.ts'
import { type Launch, type Launched, launch, PortTaken, WRONG_PASSWORD } from './launch.ts'
import { locateBinaries } from './locate-binaries.ts'
import { makeCluster, type Progress } from './make-cluster.ts'
import { familyOf, killFamily } from './process-family.ts'
import { PostgresRefused } from './refused.ts'
import { chooseRunAs, type RunAsOptions } from './run-as.ts'
import { type RunningPostgres, watchOver } from './running-postgres.ts'
import { setPasswordsAnew, setUpRoles } from './set-up-roles.ts'
import { throwawaySettings } from './settings.ts'

export interface PostgresOptions {
  /** Holds `cluster/`, `connection.json` and `postgres.log`; one PostgreSQL a folder. */
  folder: string
  /** What the folder lies in; root may have to let the database's account through it. Default: the folder itself. */
  dataFolder?: string
  /** One line an event, for people. */
  log?: (line: string) => void
  /** While the cluster is first made. */
  onProgress?: (progress: Progress) => void
  /** `once-chosen`: another when the last one is taken. `same`: clients are connected to it, so it must not move. */
  port?: 'once-chosen' | 'same'
  /** `throwaway`: for tests; a crash of the machine may lose everything. */
  durability?: 'durable' | 'throwaway'
  settings?: Readonly<Record<string, string>>
  namespaces?: RunAsOptions['namespaces']
  /** Gives up a start that is under way; the promise rejects when nothing of it is left. */
  signal?: AbortSignal
}

/** Everything about a folder's PostgreSQL that is settled before it runs. */
interface Preparation {
  launch: Omit<Launch, 'port'>
  connectionFile: string
  connection: Connection | undefined
  isDurable: boolean
  log: (line: string) => void
}

/** Between choosing a free port and listening on it anybody may take it; five times in a row is not chance. */
const PORT_TRIES = 5
const LEFTOVERS_MS = 5000

/**
 * Starts the embedded PostgreSQL of a folder: makes its cluster the first time, adopts one that outlived its supervisor
 * and still answers, and clears away one that does not.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const preparation = await prepare(options)
  const { connection, log } = preparation
  const { family, logFile, runAs } = preparation.launch
  const orphan = connection && (await findOrphan(family, connection))
  if (orphan) return watchOver({ ...orphan, connection, family, logFile, runsAs: runAs.kind })

  await clearAway(family, log)
  preparation.launch.signal.throwIfAborted()
  if (existsSync(family.folder)) await openCluster(preparation)
  else await newCluster(preparation, options.onProgress ?? (() => {}))
  return launchOnPort(preparation, options.port ?? 'once-chosen')
}

async function prepare(options: PostgresOptions): Promise<Preparation> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const folder = await realpath(options.folder)
  const connectionFile = join(folder, 'connection.json')
  const isDurable = options.durability !== 'throwaway'
  const runAs = await chooseRunAs({
    folder,
    dataFolder: options.dataFolder ?? folder,
    binaries: await locateBinaries(),
    namespaces: options.namespaces ?? 'when-allowed',
  })
  return {
    launch: {
      family: familyOf(join(folder, 'cluster')),
      runAs,
      logFile: join(folder, 'postgres.log'),
      settings: { ...(isDurable ? {} : throwawaySettings), ...options.settings },
      signal: options.signal ?? new AbortController().signal,
    },
    connectionFile,
    connection: await readConnection(connectionFile),
    isDurable,
    log: options.log ?? (() => {}),
  }
}

async function newCluster(preparation: Preparation, onProgress: (progress: Progress) => void): Promise<void> {
  const { family, runAs, signal } = preparation.launch
  const connection = preparation.connection ?? connectionFor(await freePort(), newPasswords())
  preparation.connection = connection
  // Written before the cluster has its place: there is never one without a way in.
  await writeConnection(preparation.connectionFile, connection)
  const ownerPassword = passwordsOf(connection).owner
  const { isDurable } = preparation
  await makeCluster({ cluster: family.folder, ownerPassword, runAs, isDurable, onProgress, signal })
}

async function openCluster(preparation: Preparation): Promise<void> {
  const { family, runAs } = preparation.launch
  const made = (await readFile(join(family.folder, 'PG_VERSION'), 'utf8').catch(() => '?')).trim()
  if (made !== runAs.binaries.version.split('.')[0]) {
    throw new PostgresRefused(
      `${family.folder} was made by PostgreSQL ${made} and this release brings ${runAs.binaries.version}: start the release that made it, or set HOLDFAST_DATABASE_URL.`,
    )
  }
  await runAs.giveToServer(family.folder)
  if (!preparation.connection) await regainAccess(preparation)
}

async function regainAccess(preparation: Preparation): Promise<void> {
  preparation.log('the passwords of PostgreSQL were lost; setting new ones')
  const passwords = newPasswords()
  const port = preparation.connection?.port ?? (await freePort())
  await setPasswordsAnew({ ...preparation.launch, port }, passwords)
  preparation.connection = connectionFor(port, passwords)
  await writeConnection(preparation.connectionFile, preparation.connection)
}

async function launchOnPort(preparation: Preparation, mode: 'once-chosen' | 'same'): Promise<RunningPostgres> {
  const { family, logFile, runAs } = preparation.launch
  const { port: last } = preparation.connection!
  let port = mode === 'same' || (await isPortFree(last)) ? last : await freePort()
  for (let attempt = 1; ; attempt += 1) {
    const connection = connectionFor(port, passwordsOf(preparation.connection!))
    try {
      const launched = await launchAndSetUp(preparation, connection)
      const pid = launched.child.pid!
      return watchOver({ ...launched, pid, connection, family, logFile, runsAs: runAs.kind })
    } catch (error) {
      await killFamily(family, LEFTOVERS_MS)
      if (attempt === PORT_TRIES) throw error
      if (error instanceof PortTaken && mode !== 'same') port = await freePort()
      else if ((error as { code?: string }).code === WRONG_PASSWORD && attempt === 1) await regainAccess(preparation)
      else throw error
    }
  }
}

async function launchAndSetUp(preparation: Preparation, connection: Connection): Promise<Launched> {
  const { port, ownerUrl } = connection
  const launched = await launch({ ...preparation.launch, port }, ownerUrl)
  await setUpRoles(ownerUrl, passwordsOf(connection))
  await writeConnection(preparation.connectionFile, connection)
  return launched
}
