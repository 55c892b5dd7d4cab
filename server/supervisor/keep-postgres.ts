import { setTimeout as pause } from 'node:timers/promises'
import { type RunningPostgres, startPostgres } from '../platform/postgres-server/index.ts'
import { openBackOff } from './back-off.ts'
import type { Part } from './part.ts'
import type { Screen } from './screen.ts'

export interface KeptPostgres extends Part {
  /** Rejects when it cannot be started at all. */
  start(): Promise<void>
}

const NAME = 'postgres'

/** Runs the embedded PostgreSQL and starts it again, on the same port, whenever it ends by itself. */
export function keepPostgres(options: { folder: string; dataFolder: string; screen: Screen }): KeptPostgres {
  const { screen } = options
  const ending = new AbortController()
  const backOff = openBackOff()
  let server: RunningPostgres | undefined
  let starting: Promise<void> | undefined

  async function start(port: 'once-chosen' | 'same'): Promise<void> {
    const from = performance.now()
    const started = await startPostgres({
      folder: options.folder,
      dataFolder: options.dataFolder,
      port,
      signal: ending.signal,
      log: (line) => screen.event(NAME, line),
      onProgress: ({ done, of }) => screen.progress(NAME, `making the database, once (${done} of ${of})`),
    })
    server = started
    // Given up in the very moment in which it became ready.
    if (ending.signal.aborted) return
    const seconds = ((performance.now() - from) / 1000).toFixed(1)
    const how = started.isAdopted ? 'had gone on running; taken over' : `ready in ${seconds} s`
    screen.event(NAME, `${started.version.padEnd(6)} ${how}`)
    const readyAt = performance.now()
    started.onExit(() => {
      server = undefined
      starting = again(performance.now() - readyAt)
    })
  }

  async function again(ranForMs: number): Promise<void> {
    let delayMs = backOff.nextMs(ranForMs)
    while (!ending.signal.aborted) {
      screen.warning(NAME, `ended; starting it again in ${delayMs / 1000} s`)
      try {
        await pause(delayMs, undefined, { signal: ending.signal })
        return await start('same')
      } catch (error) {
        if (ending.signal.aborted) return
        screen.warning(NAME, (error as Error).message)
        delayMs = backOff.nextMs(0)
      }
    }
  }

  return {
    name: NAME,
    start() {
      starting = start('once-chosen')
      return starting
    },
    async stop() {
      ending.abort()
      await starting?.catch(() => {})
      await server?.stop()
    },
    kill() {
      ending.abort()
      server?.kill()
    },
  }
}
