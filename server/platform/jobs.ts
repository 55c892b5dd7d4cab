import { DatabaseOutage, type DatabaseServer } from './database/index.ts'
import type { Logger } from './log.ts'

/** What runs by itself, in its own rhythm: the next round begins that long after the last one ended. */
export interface Job {
  name: string
  everyMs: number
  run(): Promise<unknown>
}

export interface RunningJobs {
  /** Waits for the rounds under way; none begins after. */
  stop(): Promise<void>
}

/** In an outage every job waits, and all are woken when the database is back: what people did meanwhile is owed to it. */
export function startJobs(
  jobs: readonly Job[],
  parts: { database: Pick<DatabaseServer, 'isAway' | 'onChange'>; log: Logger },
): RunningJobs {
  const { database, log } = parts
  const timers = new Map<Job, NodeJS.Timeout>()
  const running = new Map<Job, Promise<void>>()
  let isStopped = false

  async function round(job: Job): Promise<void> {
    try {
      if (!database.isAway()) await job.run()
    } catch (error) {
      // An outage is told by the database's own health; the next round takes what this one left.
      if (!(error instanceof DatabaseOutage)) log.error({ err: error, job: job.name }, 'a job failed')
    }
  }

  function start(job: Job): void {
    clearTimeout(timers.get(job))
    // A round that takes longer than its rhythm is not joined by another.
    if (isStopped || running.has(job)) return
    const ended = round(job).finally(() => {
      running.delete(job)
      schedule(job)
    })
    running.set(job, ended)
  }

  function schedule(job: Job): void {
    if (isStopped) return
    const timer = setTimeout(() => start(job), job.everyMs)
    timers.set(job, timer.unref())
  }

  for (const job of jobs) schedule(job)
  database.onChange((isAway) => {
    if (!isAway) for (const job of jobs) start(job)
  })
  return {
    async stop() {
      isStopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.allSettled(running.values())
    },
  }
}
