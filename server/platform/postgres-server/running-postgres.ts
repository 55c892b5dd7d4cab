import type { ChildProcess } from 'node:child_process'
import { birthOf } from '../processes.ts'
import { rotateLog } from '../rotate-log.ts'
import { stopFamily } from './clear-away.ts'
import type { Connection } from './connection-file.ts'
import { hasEnded } from './launch.ts'
import { type Family, signalFamily } from './process-family.ts'
import type { RunAs } from './run-as.ts'

export interface RunningPostgres {
  /** As the role that owns nothing. */
  readonly databaseUrl: string
  /** As the role that owns everything. */
  readonly ownerUrl: string
  readonly port: number
  /** Of the postmaster. */
  readonly pid: number
  readonly version: string
  /** It had outlived the process that started it, and was taken over. */
  readonly isAdopted: boolean
  readonly runsAs: RunAs['kind']
  readonly family: Family
  /** Fast shutdown, and at the end of its time (2.3 s) the end of every process, also when all of them are stopped. */
  stop(): Promise<void>
  /** Neither asks nor waits; for a second Ctrl-C and for exit handlers. */
  kill(): void
  /** Called once, when the postmaster has ended without `stop` or `kill`. */
  onExit(listener: () => void): void
}

/** A server that was adopted is nobody's child here: the kernel does not tell when it ends. */
const LOOK_FOR_EXIT_MS = 250
const ROTATE_EVERY_MS = 15_000

export function watchOver(options: {
  pid: number
  /** Undefined for an adopted one. */
  child?: ChildProcess
  version: string
  connection: Connection
  family: Family
  logFile: string
  runsAs: RunAs['kind']
}): RunningPostgres {
  const { child, pid, family } = options
  const listeners: (() => void)[] = []
  let isOver = false
  const over = () => {
    isOver = true
    clearInterval(rotation)
    clearInterval(look)
  }
  const ended = () => {
    if (isOver) return
    over()
    for (const listener of listeners) listener()
  }

  const rotation = setInterval(() => void rotateLog(options.logFile).catch(() => {}), ROTATE_EVERY_MS).unref()
  const birth = birthOf(pid)
  const hasGone = () => (child ? hasEnded(child) : birthOf(pid) !== birth)
  const look = child ? undefined : setInterval(() => hasGone() && ended(), LOOK_FOR_EXIT_MS).unref()
  child?.once('exit', ended)

  return {
    databaseUrl: options.connection.databaseUrl,
    ownerUrl: options.connection.ownerUrl,
    port: options.connection.port,
    pid,
    version: options.version,
    isAdopted: child === undefined,
    runsAs: options.runsAs,
    family,
    async stop() {
      over()
      await stopFamily(family, hasGone() ? null : pid)
    },
    kill() {
      over()
      signalFamily(family, 'SIGKILL')
    },
    onExit(listener) {
      listeners.push(listener)
      // It may have ended between its start and this call.
      if (hasGone()) setImmediate(ended)
    },
  }
}
