import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { within } from '../platform/deadline.ts'
import { sendSignal } from '../platform/processes.ts'
import { openBackOff } from './back-off.ts'
import { showOutput } from './child-output.ts'
import { openLogFile } from './log-file.ts'
import type { Part } from './part.ts'
import { StartRefused } from './refused.ts'
import type { Screen } from './screen.ts'

export interface ChildOptions {
  name: string
  /** A TypeScript file and its arguments, run by this same Node. */
  program: readonly string[]
  environment: Record<string, string | undefined>
  /** Answers as soon as the child serves. */
  healthUrl: string
  logFile: string
  /** Between SIGTERM and SIGKILL. */
  stopMs: number
  screen: Screen
  onMessage(message: unknown): void
  /** Its process has another number now, or none. */
  onProcess(): void
}

export interface KeptChild extends Part {
  /** Once it has answered for the first time; rejects with `StartRefused` when the child says that it cannot start. */
  ready(): Promise<void>
  /** Its files have changed. */
  restart(): void
  pid(): number | undefined
}

const HEALTH_MS = 1000
const HEALTH_EVERY_MS = 50
/** Said once, when a child has not answered for so long; it may have every reason to. */
const SLOW_MS = 15_000
/** "bad usage": a refusal is for a person to resolve, and starting again would only repeat it. */
const REFUSED_EXIT_CODE = 2
const KILLED_MS = 100
const FLUSH_MS = 100

/** Runs a child process and keeps it running: back-off between its ends, and an end of its own when we end. */
export function keepChild(options: ChildOptions): KeptChild {
  const { name, screen } = options
  const log = openLogFile(options.logFile)
  const output = showOutput(name, log, screen)
  const backOff = openBackOff()
  const firstAnswer = Promise.withResolvers<void>()
  // A refusal may come before anybody asks whether it is ready.
  firstAnswer.promise.catch(() => {})
  let child: ChildProcess | undefined
  let answeredAt: number | undefined
  let hasEverAnswered = false
  let isOver = false
  let isRestarting = false
  let waiting: NodeJS.Timeout | undefined

  function start(): void {
    answeredAt = undefined
    child = spawnGroup(options)
    output.listen(child.stdout!, child.stderr!)
    child.on('message', options.onMessage)
    // A child that could not be spawned closes as well.
    child.on('error', (error) => screen.warning(name, error.message))
    child.once('close', (code, signal) => ended(code, signal))
    options.onProcess()
    void untilAnswering(child)
  }

  async function untilAnswering(started: ChildProcess): Promise<void> {
    const onSlow = () => screen.warning(name, `has not answered for ${SLOW_MS / 1000} s: see ${options.logFile}`)
    if (!(await untilAnswered(options.healthUrl, { hasEnded: () => started !== child, onSlow }))) return
    answeredAt = performance.now()
    if (hasEverAnswered) screen.event(name, 'answers again')
    hasEverAnswered = true
    firstAnswer.resolve()
  }

  function ended(code: number | null, signal: NodeJS.Signals | null): void {
    const ranForMs = answeredAt === undefined ? 0 : performance.now() - answeredAt
    child = undefined
    options.onProcess()
    if (isOver) return
    if (code === REFUSED_EXIT_CODE && !hasEverAnswered) {
      isOver = true
      firstAnswer.reject(refusalOf(options, output.lastWords()))
      return
    }
    if (isRestarting) {
      isRestarting = false
      start()
      return
    }
    const delayMs = backOff.nextMs(ranForMs)
    screen.warning(name, `ended (${signal ?? `code ${code}`}); starting it again in ${delayMs / 1000} s`)
    waiting = setTimeout(start, delayMs)
  }

  start()
  return {
    name,
    pid: () => child?.pid,
    ready: () => firstAnswer.promise,
    restart() {
      if (isOver || isRestarting) return
      clearTimeout(waiting)
      isRestarting = child !== undefined
      if (child) void endGroup(child, options)
      else start()
    },
    async stop() {
      isOver = true
      clearTimeout(waiting)
      if (child) await endGroup(child, options)
      await within(FLUSH_MS, `${name}.log`, log.flush()).catch(() => {})
    },
    kill() {
      isOver = true
      clearTimeout(waiting)
      if (child) signalGroup(child, 'SIGKILL')
    },
  }
}

function spawnGroup({ program, environment }: ChildOptions): ChildProcess {
  return spawn(process.execPath, [...program], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in a terminal reaches a whole group; the order of ending is ours.
    detached: true,
  })
}

async function endGroup(running: ChildProcess, { name, stopMs }: ChildOptions): Promise<void> {
  const closed = once(running, 'close')
  signalGroup(running, 'SIGCONT')
  signalGroup(running, 'SIGTERM')
  try {
    await within(stopMs, name, closed)
  } catch {
    signalGroup(running, 'SIGKILL')
    // What it had started may hold its output open; the process itself is gone.
    await within(KILLED_MS, name, closed).catch(() => {})
  }
}

/** The child's own words, as it said them last. */
function refusalOf({ name, logFile }: ChildOptions, lastWords: readonly string[]): StartRefused {
  const words = lastWords.map((line) => line.replace(/^holdfast: /, ''))
  return new StartRefused(words.join('\n') || `${name} refused to start: see ${logFile}.`)
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) sendSignal(-child.pid, signal)
}

/** True once there was an answer; false when the child has ended before. Each request has a deadline of its own. */
async function untilAnswered(url: string, seen: { hasEnded(): boolean; onSlow(): void }): Promise<boolean> {
  const from = performance.now()
  let isSlow = false
  while (!seen.hasEnded() && !(await answers(url))) {
    if (!isSlow && performance.now() - from > SLOW_MS) {
      isSlow = true
      seen.onSlow()
    }
    await pause(HEALTH_EVERY_MS)
  }
  return !seen.hasEnded()
}

/** Any answer will do: what it says about its dependencies is its own affair. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(HEALTH_MS), redirect: 'manual' })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}
