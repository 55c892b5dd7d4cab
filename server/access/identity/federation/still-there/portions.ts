import type { Clock } from '../../../../platform/clock.ts'

export interface Portions<Each> {
  /** No portion is begun after that. */
  withinMs: number
  /** The next; empty: there is nothing left. How many it takes is how many are done at once. */
  take(): Promise<readonly Each[]>
  each(one: Each): Promise<void>
}

/** Portion after portion, all of one at once, until there is nothing left or the time is over; answers how many it did. */
export async function throughPortions<Each>(
  clock: Pick<Clock, 'monotonicMs'>,
  { withinMs, take, each }: Portions<Each>,
): Promise<number> {
  const untilMs = clock.monotonicMs() + withinMs
  let done = 0
  while (clock.monotonicMs() < untilMs) {
    const portion = await take()
    if (portion.length === 0) break
    await Promise.all(portion.map(each))
    done += portion.length
  }
  return done
}
