import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { monotonicMs } from '../frame/clock.ts'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import { poll } from '../frame/wait.ts'
import type { Bucket, FromApp, Standing, ToApp } from './app.ts'

/** Some seconds for its first answer; on a machine that others use too, some times that. */
const READY_DEADLINE_MS = 30_000
const END_DEADLINE_MS = 5000

/** Everything that an application ever told, and its process. */
export interface App {
  name: string
  buckets: Bucket[]
  pid(): number
  /** As it said last; undefined: it has not answered anything yet. */
  standing(): Standing | undefined
  /** Started, and answering; returns the seconds that this took. */
  start(): Promise<{ readyMs: number; standing: Standing }>
  /** Without a word, as by a crash or a deploy that does not wait. */
  kill(): Promise<void>
}

export function makeApp(stage: Stage, name: string, given: ToApp): App {
  const buckets: Bucket[] = []
  let child: ChildProcess | undefined
  let last: Standing | undefined
  return {
    name,
    buckets,
    pid: () => child!.pid!,
    standing: () => last,
    async start() {
      const startedMs = monotonicMs()
      last = undefined
      let failure: string | undefined
      let ready: Extract<FromApp, { type: 'ready' }> | undefined
      const started = stage.spawn(name, process.execPath, [fileURLToPath(new URL('app-process.ts', import.meta.url))], {
        env: childEnvironment({}),
        hasChannel: true,
        detached: true,
        serialization: 'advanced',
      })
      child = started
      started.on('message', (message: FromApp) => {
        if (message.type === 'failed') failure = message.message
        else if (message.type === 'ready') ready = message
        else buckets.push(message.bucket)
        if (message.type !== 'failed') last = message.type === 'ready' ? message.standing : message.bucket.standing
      })
      started.send(given)
      const answered = await poll(
        () => {
          if (failure !== undefined || started.exitCode !== null)
            throw new Error(`${name} ended: ${failure ?? stage.logTail(name)}`)
          return ready ?? null
        },
        { deadlineMs: READY_DEADLINE_MS, signal: stage.signal },
      )
      if (!answered) throw new Error(`${name} was not ready in ${READY_DEADLINE_MS} ms.`)
      return { readyMs: answered.atMs - startedMs, standing: answered.standing }
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit', { signal: AbortSignal.timeout(END_DEADLINE_MS) })
      child.kill('SIGKILL')
      await gone
    },
  }
}
