import type { Lane, Timers } from './message.ts'
import { openQueue } from './queue.ts'

/** A stop is done in five seconds in all (issue 2 §1). */
const DRAIN_MS = 1500

/** What follows on a piece of work: nothing, or the same again after a rest. */
export type Step = 'done' | { restMs: number }

export interface OutboxOptions<Item> {
  /** Never rejects. */
  work(item: Item): Promise<Step>
  /** The process ends and nobody will work on it any more. */
  abandon(item: Item): void
  timers: Timers
}

/** Takes items in their order, so many at a time, again after a rest, and gives them up at the end. */
export function openOutbox<Item extends { lane: Lane }>({ work, abandon, timers }: OutboxOptions<Item>) {
  const queue = openQueue<Item>()
  const underWay = new Set<Promise<void>>()
  const resting = new Map<Item, () => void>()

  function pump(): void {
    for (let item = queue.take(); item; item = queue.take()) {
      const task = workOn(item)
      underWay.add(task)
      task.finally(() => underWay.delete(task))
    }
  }

  async function workOn(item: Item): Promise<void> {
    const step = await work(item)
    queue.release(item)
    if (step !== 'done') rest(item, step.restMs)
    pump()
  }

  function rest(item: Item, restMs: number): void {
    queue.rest(item)
    const cancel = timers.after(restMs, () => {
      resting.delete(item)
      queue.wake(item)
      pump()
    })
    resting.set(item, cancel)
  }

  return {
    hasRoomFor: queue.hasRoomFor,
    figures: queue.figures,
    add(item: Item): void {
      queue.add(item)
      pump()
    },
    /** Waits a moment for what is under way, then cuts it off; what is left is abandoned. */
    async end(cutOff: () => void): Promise<void> {
      const { promise: isLate, resolve } = Promise.withResolvers<void>()
      const cancel = timers.after(DRAIN_MS, resolve)
      await Promise.race([isLate, untilEmpty(underWay)])
      cancel()
      cutOff()
      await untilEmpty(underWay)
      for (const cancelRest of resting.values()) cancelRest()
      for (const item of [...resting.keys(), ...queue.drop()]) abandon(item)
    },
  }
}

async function untilEmpty(tasks: Set<Promise<void>>): Promise<void> {
  while (tasks.size > 0) await Promise.all(tasks)
}
