import { DatabaseOutage } from '../../platform/database/index.ts'
import { cleanUp } from './clean-up.ts'
import type { Parts } from './parts.ts'

interface Job {
  name: string
  everyMs: number
  run(): Promise<unknown>
}

/** What runs by itself. In an outage it waits. */
const jobsOf = (parts: Parts): Job[] => [{ name: 'delete what is over', everyMs: 30_000, run: () => cleanUp(parts) }]

export function startJobs(parts: Parts): AsyncDisposable {
  const running = new Set<Promise<void>>()

  async function turn(job: Job): Promise<void> {
    if (parts.database.isAway()) return
    try {
      await job.run()
    } catch (error) {
      // An outage is told by the database's own health; the next round takes what this one left.
      if (!(error instanceof DatabaseOutage)) parts.log.error({ err: error, job: job.name }, 'a job failed')
    }
  }

  const timers = jobsOf(parts).map((job) => {
    const timer = setInterval(() => {
      // A round that takes longer than its rhythm is not joined by another.
      if (running.size > 0) return
      const turned = turn(job).finally(() => running.delete(turned))
      running.add(turned)
    }, job.everyMs)
    return timer.unref()
  })
  return {
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer)
      await Promise.allSettled(running)
    },
  }
}
