import { execFile } from 'node:child_process'
import { chmod, chown, cp, readFile, rename, rm, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { busyUsers } from '../processes.ts'
import { type Binaries, binariesIn } from './locate-binaries.ts'
import { PostgresRefused } from './refused.ts'

const run = promisify(execFile)

/** PostgreSQL refuses root. It runs as us; as us under another name (user namespace); or as an account of its own. */
export interface RunAs {
  kind: 'self' | 'namespace' | 'account'
  binaries: Binaries
  /** How to spawn one of the binaries. */
  command(program: string, args: readonly string[]): Command
  /** The same for initdb, which insists on a user that has a name. */
  makingCommand(program: string, args: readonly string[]): Command
  /** Gives a file or folder to who makes the cluster, then to who serves it. Nothing to do for `self`. */
  giveToMaker(path: string): Promise<void>
  giveToServer(path: string): Promise<void>
}
export interface Command {
  file: string
  args: string[]
  uid?: number
  gid?: number
}

export interface RunAsOptions {
  /** Holds the cluster; may be given to the account. */
  folder: string
  /** Ours too, above `folder`: its group may be let through. */
  dataFolder: string
  binaries: Binaries
  /** `never`: as on machines that forbid them. */
  namespaces: 'when-allowed' | 'never'
}

/**
 * Of nobody else, so that no other service's break-in reaches the data (which `nobody` would not give). A number
 * without a name, below what containers with mapped users have.
 */
const ACCOUNT = 47_326
const PROBE_MS = 3000
const CHOWN_MS = 60_000
/** The kernel shows this number for everybody it has no mapping for. */
const OVERFLOW_UID = 65_534

export async function chooseRunAs(options: RunAsOptions): Promise<RunAs> {
  const isRoot = process.getuid?.() === 0
  if (!isRoot && hasName()) return asSelf(options.binaries)
  const label = (await namedAccounts())[0]
  if (label && options.namespaces === 'when-allowed') {
    const unshare = await findUnshare(label)
    if (unshare) return inNamespace(options.binaries, unshare, label)
  }
  // Without a name only initdb fails, and it says so.
  return isRoot ? await asAccount(options) : asSelf(options.binaries)
}

function asSelf(binaries: Binaries): RunAs {
  const command = (file: string, args: readonly string[]) => ({ file, args: [...args] })
  return { kind: 'self', binaries, command, makingCommand: command, giveToMaker: takeBack, giveToServer: takeBack }
}

interface Label {
  uid: number
  gid: number
}

/**
 * On the outside still root, hence at home in a checkout that only root may enter; to PostgreSQL's eyes an ordinary
 * user. The label must be in /etc/passwd, because initdb looks up its own name.
 */
function inNamespace(binaries: Binaries, unshare: string, label: Label): RunAs {
  const command = (program: string, args: readonly string[]) => ({
    file: unshare,
    args: [...namespaceFlags(label), '--', program, ...args],
  })
  return { kind: 'namespace', binaries, command, makingCommand: command, giveToMaker: takeBack, giveToServer: takeBack }
}

function namespaceFlags(label: Label): string[] {
  return ['--user', `--map-user=${label.uid}`, `--map-group=${label.gid}`]
}

async function asAccount(options: RunAsOptions): Promise<RunAs> {
  for (const folder of [options.dataFolder, options.folder]) await letThrough(folder)
  if (!(await succeedsAs('/bin/sh', ['-c', 'cd -- "$0"', options.folder]))) {
    throw new PostgresRefused(
      `PostgreSQL does not run as root, this machine forbids user namespaces, and ${await closedAbove(options.folder)} is closed to the account it would run as: set HOLDFAST_DATA to a folder such as /var/lib/holdfast.`,
    )
  }
  const binaries = await reachableBinaries(options)
  const maker = await quietAccount()
  return {
    kind: 'account',
    binaries,
    command: (file, args) => ({ file, args: [...args], uid: ACCOUNT, gid: ACCOUNT }),
    makingCommand: (file, args) => ({ file, args: [...args], uid: maker, gid: ACCOUNT }),
    giveToMaker: (path) => give(path, maker, ACCOUNT),
    giveToServer: (path) => give(path, ACCOUNT, ACCOUNT),
  }
}

/** Passable for the account's group, and still unlisted and closed to everybody else. */
async function letThrough(folder: string): Promise<void> {
  const { mode, uid } = await stat(folder)
  if (uid !== 0 || mode & 0o001) return
  await chown(folder, 0, ACCOUNT)
  await chmod(folder, (mode & 0o700) | 0o010)
}

async function closedAbove(folder: string): Promise<string> {
  let closed = folder
  for (let path = folder; ; path = dirname(path)) {
    if (!(await succeedsAs('/bin/sh', ['-c', 'cd -- "$0"', path]))) closed = path
    if (path === dirname(path)) return closed
  }
}

/** 60 MB, copied only when the installed ones lie where the account may not go. */
async function reachableBinaries({ binaries, folder }: RunAsOptions): Promise<Binaries> {
  if (await succeedsAs(binaries.postgres, ['--version'])) return binaries
  const copy = join(folder, `binaries-${binaries.version}`)
  const there = binariesIn(copy, binaries.version)
  if (await succeedsAs(there.postgres, ['--version'])) return there
  const making = `${copy}.making`
  await rm(making, { recursive: true, force: true })
  await rm(copy, { recursive: true, force: true })
  await cp(binaries.folder, making, { recursive: true, verbatimSymlinks: true })
  await run('chmod', ['-R', 'u=rwX,g=rX,o=', making], { timeout: CHOWN_MS })
  await give(making, 0, ACCOUNT)
  await rename(making, copy)
  return there
}

async function succeedsAs(file: string, args: readonly string[]): Promise<boolean> {
  return run(file, args, { uid: ACCOUNT, gid: ACCOUNT, cwd: '/', env: {}, timeout: PROBE_MS }).then(
    () => true,
    () => false,
  )
}

async function give(path: string, uid: number, gid: number): Promise<void> {
  await run('chown', ['-R', '-h', `${uid}:${gid}`, path], { timeout: CHOWN_MS })
}

/** What an account was given on a machine that forbade namespaces is ours again on one that allows them. */
async function takeBack(path: string): Promise<void> {
  const { uid } = await stat(path)
  if (uid === process.getuid!()) return
  if (process.getuid!() === 0) return give(path, 0, 0)
  throw new PostgresRefused(`${path} belongs to another user (${uid}): start as that user, or set HOLDFAST_DATA.`)
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

async function findUnshare(label: Label): Promise<string | null> {
  for (const file of ['/usr/bin/unshare', '/bin/unshare', '/run/current-system/sw/bin/unshare']) {
    const args = [...namespaceFlags(label), '--', '/bin/sh', '-c', ':']
    const isAllowed = await run(file, args, { timeout: PROBE_MS }).then(
      () => true,
      () => false,
    )
    if (isAllowed) return file
  }
  return null
}

async function namedAccounts(): Promise<Label[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [, , uid, gid] = line.split(':').map(Number)
    return uid && gid && uid > 0 && uid < OVERFLOW_UID ? [{ uid, gid }] : []
  })
}

/** initdb needs a name for the second it runs: that of an account under which nothing else runs. */
async function quietAccount(): Promise<number> {
  const busy = busyUsers()
  const quiet = (await namedAccounts()).find((account) => !busy.has(account.uid))
  if (!quiet) throw new PostgresRefused('PostgreSQL does not run as root: start Holdfast as an ordinary user.')
  return quiet.uid
}
