import { BackupFailed } from './refused.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl-C gives up and still clears away; a second one does not wait for that. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(1)
    controller.abort()
  }
  for (const name of SIGNALS) process.on(name, interrupt)
  try {
    return await work(controller.signal)
  } catch (error) {
    if (!controller.signal.aborted) throw error
    throw new BackupFailed('Interrupted; what was begun has been cleared away.', { cause: error })
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt)
  }
}
