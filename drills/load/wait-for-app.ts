import type { Stage } from '../frame/stage.ts'
import { poll } from '../frame/wait.ts'
import type { Target } from './request.ts'

const START_DEADLINE_MS = 15_000

/** Until the naive arm's app, started as `naive-app`, says that it is well. */
export async function waitForApp(stage: Stage, target: Target): Promise<void> {
  const isUp = await poll(
    async () => {
      const ask = { method: 'GET', path: '/healthz', signal: AbortSignal.timeout(1000) } as const
      return target.send(ask).then(
        (reply) => reply.status === 200 || null,
        () => null,
      )
    },
    { deadlineMs: START_DEADLINE_MS, signal: stage.signal },
  )
  if (!isUp) throw new Error(`The naive app did not start. Its log ends with: ${stage.logTail('naive-app')}`)
}
