import type { ChildProcess } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import type { LoadReport, Second } from './generator.ts'
import type { FromLoad, ToLoad } from './load-process.ts'

/** A load process that is set up and waits for its start. */
export interface Load {
  /** Starts at a moment of the monotonic clock and resolves when the last answer, or its deadline, has come. */
  run(startAtMs: number, onSecond: (second: Second) => void): Promise<LoadReport>
  /** Lets nobody come any more; `run` then resolves as if the plan had ended here. */
  finish(): void
  stop(): void
}

/** Signing in, connecting the SDK, making the schedule: all that has to be over before the first arrival. */
const SETUP_DEADLINE_MS = 30_000

export async function startLoad<Setup>(stage: Stage, { entry, setup }: { entry: URL; setup: Setup }): Promise<Load> {
  const child = stage.spawn('load', process.execPath, [fileURLToPath(entry)], {
    env: childEnvironment({}),
    hasChannel: true,
    detached: true,
    serialization: 'advanced',
  })
  favour(child.pid)
  const ready = answer(child, 'ready', AbortSignal.any([stage.signal, AbortSignal.timeout(SETUP_DEADLINE_MS)]))
  child.send({ type: 'setup', setup } satisfies ToLoad<Setup>)
  await ready
  return {
    async run(startAtMs, onSecond) {
      child.on('message', (message: FromLoad) => {
        if (message.type === 'second') onSecond(message.second)
      })
      const report = answer(child, 'report', stage.signal)
      child.send({ type: 'start', startAtMs } satisfies ToLoad<Setup>)
      return (await report).report
    },
    finish() {
      child.send({ type: 'finish' } satisfies ToLoad<Setup>)
    },
    stop() {
      if (child.connected) child.disconnect()
    },
  }
}

/** Of nineteen steps; enough to be scheduled before whatever else wants a core. */
const NICE = -10

/**
 * The generator must not be starved by what it measures, nor by whoever else works on the machine; it needs a tenth of a
 * core. Linux shares the cores out between sessions first (autogroups), so it has one of its own, and that one is
 * favoured. Only root may do that; an ordinary user's runs like everybody, and its lag is measured either way.
 */
export function favour(pid: number | undefined): void {
  if (!pid || process.getuid?.() !== 0) return
  setPriority(pid, NICE)
  const group = `/proc/${pid}/autogroup`
  if (existsSync(group)) writeFileSync(group, String(NICE))
}

type Answer<Type> = Extract<FromLoad, { type: Type }>

/** The next message of this type; an early end, a failure told by the child or an abort rejects. */
async function answer<Type extends FromLoad['type']>(child: ChildProcess, type: Type, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<Answer<Type>>()
  const onExit = (code: number | null) => reject(new Error(`The load process ended early (exit code ${code}).`))
  const onAbort = () => reject(signal.reason)
  const onMessage = (message: FromLoad) => {
    if (message.type === 'failed') reject(new Error(`The load process failed: ${message.message}`))
    else if (message.type === type) resolve(message as Answer<Type>)
  }
  child.on('message', onMessage).on('exit', onExit)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  try {
    return await promise
  } finally {
    child.off('message', onMessage).off('exit', onExit)
    signal.removeEventListener('abort', onAbort)
  }
}
