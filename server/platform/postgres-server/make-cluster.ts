import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { within } from '../deadline.ts'
import { sendSignal } from '../processes.ts'
import { OWNER } from './connection-file.ts'
import { PostgresRefused } from './refused.ts'
import type { RunAs } from './run-as.ts'
import { hostRules } from './settings.ts'

export interface Progress {
  step: string
  done: number
  of: number
}

/** initdb takes a second; a slow disk may need its time to sync 40 MB. */
const INITDB_MS = 180_000
/** What initdb says when it has done it, in order. */
const STEPS = [
  'creating subdirectories',
  'creating configuration files',
  'running bootstrap script',
  'performing post-bootstrap initialization',
  'syncing data to disk',
]
const OUTPUT_LINES_KEPT = 20

/** Makes the cluster beside its place and moves it there when it is whole: an interrupted first start leaves nothing. */
export async function makeCluster(options: {
  cluster: string
  ownerPassword: string
  runAs: RunAs
  isDurable: boolean
  onProgress: (progress: Progress) => void
  signal: AbortSignal
}): Promise<void> {
  const { cluster, runAs } = options
  const making = `${cluster}.making`
  const passwordFile = `${cluster}.password`
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { mode: 0o700 })
  await writeFile(passwordFile, `${options.ownerPassword}\n`, { mode: 0o600 })
  try {
    await runAs.giveToMaker(making)
    await runAs.giveToMaker(passwordFile)
    await initdb(options, making, passwordFile)
  } catch (error) {
    // A killed initdb may be writing its last file.
    await rm(making, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    throw error
  } finally {
    await rm(passwordFile, { force: true })
  }
  await writeFile(`${making}/pg_hba.conf`, hostRules)
  await runAs.giveToServer(making)
  await rename(making, cluster)
}

async function initdb(
  options: { runAs: RunAs; isDurable: boolean; onProgress: (progress: Progress) => void; signal: AbortSignal },
  folder: string,
  passwordFile: string,
): Promise<void> {
  const { runAs } = options
  const { file, args, ...who } = runAs.makingCommand(runAs.binaries.initdb, [
    `--pgdata=${folder}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own C.UTF-8: the same order on every machine, whatever its C library was upgraded to.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    ...(options.isDurable ? [] : ['--no-sync']),
  ])
  const child = spawn(file, args, {
    ...who,
    cwd: dirname(folder),
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own: Ctrl-C in the middle ends it from here, not half-way by itself.
    detached: true,
  })
  const lines: string[] = []
  const listen = (line: string) => {
    lines.push(line)
    if (lines.length > OUTPUT_LINES_KEPT) lines.shift()
    const done = STEPS.findIndex((step) => line.startsWith(step))
    if (done >= 0) options.onProgress({ step: STEPS[done]!, done: done + 1, of: STEPS.length })
  }
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', listen)
  try {
    const [code] = (await within(INITDB_MS, 'initdb', once(child, 'close', options))) as [number | null]
    if (code !== 0) throw new PostgresRefused(explain(lines))
  } finally {
    if (child.pid && child.exitCode === null && child.signalCode === null) sendSignal(-child.pid, 'SIGKILL')
  }
}

function explain(lines: readonly string[]): string {
  const why = lines.find((line) => /error:|FATAL|PANIC|could not/.test(line)) ?? lines.at(-1) ?? 'no output'
  const isFull = lines.some((line) => line.includes('No space left'))
  const advice = isFull ? 'make room, or set HOLDFAST_DATA to another disk' : 'see the message'
  return `PostgreSQL could not make its data folder (${why.trim()}): ${advice}.`
}
