/** What came of everything that was asked while something was done to the installation. */
export interface Load extends AsyncDisposable {
  counts: ReadonlyMap<string, number>
  /** Resolves once something has come out so often since the call. */
  seen(outcome: RegExp, times: number): Promise<void>
  /** Ends it, and answers when nothing is under way any more. */
  stop(): Promise<ReadonlyMap<string, number>>
}

const PATIENCE_MS = 60_000

/** So many at once, each asking again as soon as it was answered; closed, because only correctness is counted here. */
export function startLoad(workers: number, ask: (round: number) => Promise<string>): Load {
  const counts = new Map<string, number>()
  const listeners = new Set<(outcome: string) => void>()
  let isOver = false
  let round = 0
  const work = async () => {
    while (!isOver) {
      const outcome = await ask(round++).catch((error: Error) => `failed: ${causeOf(error)}`)
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
      for (const listener of listeners) listener(outcome)
    }
  }
  const working = Promise.all(Array.from({ length: workers }, work))
  const stop = async () => {
    isOver = true
    await working
    return counts
  }
  return {
    counts,
    seen(outcome, times) {
      return new Promise((resolve, reject) => {
        let left = times
        const told = () => [...counts].map(([each, count]) => `${count} × ${each}`).join(', ')
        const timer = setTimeout(() => reject(new Error(`${outcome} never came: ${told()}`)), PATIENCE_MS)
        const listener = (each: string) => {
          if (!outcome.test(each) || --left > 0) return
          clearTimeout(timer)
          listeners.delete(listener)
          resolve()
        }
        listeners.add(listener)
      })
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

const causeOf = (error: Error) => (error.cause instanceof Error ? error.cause.message : error.message)
