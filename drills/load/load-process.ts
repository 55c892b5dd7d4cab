import { type Generation, generate, type LoadReport, type Second } from './generator.ts'

/** What a load process is made of: its streams, ready to start. */
export interface OpenLoad {
  streams: Generation['streams']
  inFlightMax: number
  close?(): Promise<void> | void
}

export type ToLoad<Setup> = { type: 'setup'; setup: Setup } | { type: 'start'; startAtMs: number } | { type: 'finish' }
export type FromLoad =
  | { type: 'ready' }
  | { type: 'second'; second: Second }
  | { type: 'report'; report: LoadReport }
  | { type: 'failed'; message: string }

/**
 * The child's side. The generator has a process of its own, so that it shares neither event loop nor memory with what
 * it measures nor with the drill, which is stopping databases meanwhile.
 */
export function serveLoad<Setup>(open: (setup: Setup) => Promise<OpenLoad>): void {
  const ended = new AbortController()
  const finish = new AbortController()
  let load: OpenLoad | undefined
  const say = (message: FromLoad) => process.send?.(message)
  const fail = (error: unknown) =>
    say({ type: 'failed', message: error instanceof Error ? error.stack! : String(error) })

  // The drill is gone, so nobody will read the report.
  process.on('disconnect', () => process.exit())
  process.on('SIGINT', () => {})
  process.on('message', async (message: ToLoad<Setup>) => {
    try {
      if (message.type === 'setup') {
        load = await open(message.setup)
        say({ type: 'ready' })
      } else if (message.type === 'finish') {
        finish.abort()
      } else if (load) {
        const report = await generate({
          ...load,
          startAtMs: message.startAtMs,
          signal: ended.signal,
          finish: finish.signal,
          onSecond: (second) => say({ type: 'second', second }),
        })
        await load.close?.()
        say({ type: 'report', report })
      }
    } catch (error) {
      fail(error)
    }
  })
}
