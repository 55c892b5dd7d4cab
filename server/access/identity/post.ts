import type { Logger } from '../../platform/log.ts'
import { Refusal } from '../../platform/refusal.ts'

/** What is done once the caller has its answer, so that the answer takes the same time whether it is done or not. */
export interface Post extends AsyncDisposable {
  afterAnswer(work: () => void | Promise<void>): void
}

/** A queue of this length means that mail is not being taken; those who wait get no more of it. */
const WAITING_MAX = 2000

export function openPost(log: Logger): Post {
  const waiting = new Set<Promise<void>>()

  async function carryOut(work: () => void | Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    try {
      await work()
    } catch (error) {
      // Delivery says no when more mail waits than it can send: who waits for this one can ask again.
      if (error instanceof Refusal) log.warn({ reason: error.code }, 'a mail was refused by delivery')
      else log.error({ err: error }, 'a mail could not be handed to delivery')
    }
  }

  return {
    afterAnswer(work) {
      if (waiting.size >= WAITING_MAX) {
        log.warn({ waiting: waiting.size }, 'a mail was dropped: too many wait to be handed to delivery')
        return
      }
      const carried = carryOut(work).finally(() => waiting.delete(carried))
      waiting.add(carried)
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(waiting)
    },
  }
}
