import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endProcesses } from './end-processes.ts'
import { findLeftovers, folderPrefix, forgetLedger, type Ledger, ownOf, writeLedger } from './ledger.ts'
import { type Own, ownProcesses, signalProcess } from './processes.ts'
import { poll } from './wait.ts'

/** Past its bound a drill has this long to clean up by itself before the guardian does it from outside. */
const GUARDIAN_MARGIN_MS = 20_000
/** The end of a log: what is told in a card has to be read by a person. `--keep` leaves the rest. */
const LOG_TAIL_LINES = 4
const LOG_LINE_LENGTH_MAX = 200

/** Where a drill plays: a temporary folder, the processes started in it, and the certainty that they end. */
export interface Stage extends AsyncDisposable {
  readonly folder: string
  /** Aborted by an interrupt or by the bound: every wait of a drill takes it. */
  readonly signal: AbortSignal
  spawn(name: string, command: string, args: string[], options?: StageSpawn): ChildProcess
  /** Writes down a process that one of ours has started, so that it is found even when its parent is gone. */
  record(pid: number, name: string): void
  /** Asks a child to end, and tells what of the folder `within` was still running when its time was over. */
  stop(child: ChildProcess, within: string, deadlineMs: number): Promise<Own[]>
  /** The process that a pid file of one of ours names; written down, so that it ends with the drill. */
  findOwn(pidFile: string): number
  logTail(name: string): string
}

export interface StageSpawn extends Pick<SpawnOptions, 'cwd' | 'env' | 'detached' | 'serialization' | 'uid' | 'gid'> {
  hasChannel?: boolean
}

export interface StageOptions {
  boundMs: number
  interrupt: AbortSignal
  /** Leaves folder and logs for a person to read; the processes end all the same. */
  isKept?: boolean
}

export async function openStage({ boundMs, interrupt, isKept = false }: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(folderPrefix())
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const ledger: Ledger = { drill: ownOf(process.pid, 'drill'), processes: [] }
  writeLedger(folder, ledger)
  const guardian = startGuardian(folder, boundMs + GUARDIAN_MARGIN_MS)
  const bound = new AbortController()
  const timer = setTimeout(() => bound.abort(new PastBound(boundMs)), boundMs)
  const signal = AbortSignal.any([interrupt, bound.signal])

  const record = (pid: number, name: string) => {
    ledger.processes.push(ownOf(pid, name))
    writeLedger(folder, ledger)
  }
  return {
    folder,
    signal,
    record,
    spawn(name, command, args, { hasChannel = false, ...options } = {}) {
      signal.throwIfAborted()
      const log = openSync(join(logs, `${name}.log`), 'a', 0o600)
      const child = spawn(command, args, {
        cwd: folder,
        stdio: hasChannel ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
        ...options,
      })
      closeSync(log)
      if (child.pid) record(child.pid, name)
      // An 'error' nobody listens to would end the drill before it has cleaned up; the exit code tells the rest.
      child.on('error', () => {})
      return child
    },
    async stop(child, within, deadlineMs) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      // Not the drill's signal: what was started has to be stopped after an interrupt too.
      const ended = { deadlineMs, signal: AbortSignal.timeout(deadlineMs * 2) }
      const roots = child.pid ? [ownOf(child.pid, 'stopped')] : []
      await poll(() => (ownProcesses(roots, within).length === 0 ? true : null), ended)
      return ownProcesses(roots, within)
    },
    findOwn(pidFile) {
      const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
      const own = ownProcesses(ledger.processes, folder)
      if (!own.some((one) => one.pid === pid))
        throw new Error(`${pidFile} names process ${pid}, which is not the drill's own.`)
      if (!ledger.processes.some((one) => one.pid === pid)) record(pid, 'found by its pid file')
      return pid
    },
    logTail(name) {
      try {
        const lines = readFileSync(join(logs, `${name}.log`), 'utf8')
          .trimEnd()
          .split('\n')
          .slice(-LOG_TAIL_LINES)
        return lines.map((line) => line.trim().slice(0, LOG_LINE_LENGTH_MAX)).join(' | ')
      } catch {
        return ''
      }
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer)
      const { remaining } = await endProcesses(folder)
      for (const own of remaining) signalProcess(own.pid, 'SIGCONT')
      if (remaining.length === 0) {
        if (isKept) forgetLedger(folder)
        else rmSync(folder, { recursive: true, force: true })
      }
      guardian.stdin?.end()
    },
  }
}

export class PastBound extends Error {
  override name = 'PastBound'
  constructor(boundMs: number) {
    super(`The drill went past its bound of ${Math.round(boundMs / 1000)} s and was ended.`)
  }
}

/** Ends what a drill that was itself killed, with its guardian, has left behind. */
export async function clearLeftovers(): Promise<string[]> {
  const sentences: string[] = []
  for (const folder of findLeftovers()) {
    const { ended, remaining } = await endProcesses(folder)
    if (remaining.length === 0) rmSync(folder, { recursive: true, force: true })
    const count = `${ended.length} ${ended.length === 1 ? 'process' : 'processes'}`
    sentences.push(`A killed drill had left ${count} in ${folder}: ended and removed.`)
  }
  return sentences
}

/** What a child may know of the person's environment: nothing that leads to a database or an installation of theirs. */
export function childEnvironment(own: Record<string, string>): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'LOGNAME']
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    ...own,
  }
}

function startGuardian(folder: string, boundMs: number): ChildProcess {
  const program = fileURLToPath(new URL('guardian.ts', import.meta.url))
  const guardian = spawn(process.execPath, [program, folder, String(boundMs)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: childEnvironment({}),
  })
  guardian.on('error', () => {})
  guardian.stdin?.on('error', () => {})
  guardian.unref()
  return guardian
}
