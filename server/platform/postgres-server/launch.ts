import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { askOnce } from './ask-once.ts'
import { inDatabase } from './connection-file.ts'
import type { Family } from './process-family.ts'
import { PostgresRefused } from './refused.ts'
import type { RunAs } from './run-as.ts'
import { settings } from './settings.ts'

export interface Launch {
  family: Family
  runAs: RunAs
  port: number
  logFile: string
  settings: Readonly<Record<string, string>>
  /** Whoever starts has changed their mind; nothing is left then. */
  signal: AbortSignal
}

/** The postmaster is there and answers. */
export interface Launched {
  child: ChildProcess
  version: string
}

/** Another process took the port between the choice and the start. */
export class PortTaken extends Error {
  override name = 'PortTaken'
}

const TRY_MS = 1000
const TRY_AGAIN_MS = 30
const READY_MS = 60_000
/** After a crash PostgreSQL reads its log first; it says so, and 512 MB of it on a slow disk take their time. */
const RECOVERY_MS = 600_000
const LOG_TAIL_BYTES = 8192
/** SQLSTATE cannot_connect_now: alive, and still recovering. */
const STARTING_UP = '57P03'
export const WRONG_PASSWORD = '28P01'

/** Starts the postmaster in a session of its own, so that Ctrl-C reaches the supervisor and not the database. */
export async function launch(options: Launch, ownerUrl: string): Promise<Launched> {
  const logFrom = await stat(options.logFile).then(
    (found) => found.size,
    () => 0,
  )
  const child = spawnPostmaster(options)
  try {
    return { child, version: await untilReady(child, inDatabase(ownerUrl, 'postgres'), options.signal) }
  } catch (error) {
    if (hasEnded(child)) throw await whyItEnded(options, logFrom)
    child.kill('SIGKILL')
    throw error
  }
}

export function spawnPostmaster(options: Launch): ChildProcess {
  const { family, runAs, port } = options
  const inForce = { ...settings, ...options.settings, port: String(port), cluster_name: family.name }
  const flags = Object.entries(inForce).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { file, args, ...who } = runAs.command(runAs.binaries.postgres, ['-D', family.folder, ...flags])
  // The file itself and not a pipe: the server goes on writing to it when its supervisor is killed.
  const log = openSync(options.logFile, 'a', 0o600)
  const child = spawn(file, args, {
    ...who,
    cwd: family.folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  child.on('error', () => {})
  child.unref()
  return child
}

async function untilReady(child: ChildProcess, url: string, signal: AbortSignal): Promise<string> {
  const startedAt = performance.now()
  let deadlineMs = READY_MS
  for (;;) {
    try {
      return await serverVersion(url)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === WRONG_PASSWORD || hasEnded(child)) throw error
      if (code === STARTING_UP) deadlineMs = RECOVERY_MS
      if (performance.now() - startedAt > deadlineMs) {
        const seconds = Math.round(deadlineMs / 1000)
        throw new PostgresRefused(`PostgreSQL did not answer within ${seconds} s of its start.`, { cause: error })
      }
    }
    await pause(TRY_AGAIN_MS, undefined, { signal })
  }
}

export function serverVersion(url: string): Promise<string> {
  return askOnce(url, TRY_MS, async (client) => {
    const { rows } = await client.query(`select current_setting('server_version') as version`)
    return (rows[0] as { version: string }).version
  })
}

export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

async function whyItEnded(options: Launch, logFrom: number): Promise<Error> {
  const tail = await readFrom(options.logFile, logFrom)
  if (/Address already in use|could not create any TCP\/IP sockets/.test(tail)) {
    return new PortTaken(`port ${options.port} was taken before PostgreSQL could listen on it`)
  }
  const why = tail.match(/(?:FATAL|PANIC|error|postgres):\s+(.*)/)?.[1] ?? 'no message'
  return new PostgresRefused(`PostgreSQL ended at its start (${why}): see ${options.logFile}.`)
}

async function readFrom(path: string, position: number): Promise<string> {
  await using file = await open(path, 'r')
  const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(LOG_TAIL_BYTES), position })
  return buffer.toString('utf8', 0, bytesRead)
}
