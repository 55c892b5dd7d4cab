import { monotonicMs } from '../../drills/frame/clock.ts'
import type { Open } from '../peers/peer.ts'
import { assertSameRule, CONTEXTS, people } from './same-rule.ts'

/** The clock is looked at once in so many people, which is once round. */
const ROUND = CONTEXTS

/** How one of them answers, once its flags are loaded; `numberOf` flags, the first of which is asked. */
export type Load = (count: number, own: unknown) => Promise<Loaded>
export type Loaded = Asked | AskedLater
interface Asked {
  isOn(person: number): boolean
}
interface AskedLater {
  isOnLater(person: number): Promise<boolean>
}

/** The process of a contestant that evaluates: one flag, asked for one person after the other. */
export function evaluating(load: Load): Open {
  return async ({ own }) => {
    const loaded = await load(1, own)
    const isLater = 'isOnLater' in loaded
    const answers: boolean[] = []
    for (const index of people.keys()) answers.push(isLater ? await loaded.isOnLater(index) : loaded.isOn(index))
    assertSameRule(answers)
    const onCount = answers.filter(Boolean).length
    const round = isLater ? () => countLater(loaded) : () => count(loaded)
    return {
      async work({ untilMs }) {
        let operations = 0
        do {
          const seen = round()
          const found = typeof seen === 'number' ? seen : await seen
          if (found !== onCount) throw new Error(`${found} were on, and ${onCount} before.`)
          operations += ROUND
        } while (monotonicMs() < untilMs)
        return operations
      },
    }
  }
}

function count({ isOn }: Asked): number {
  let onCount = 0
  for (let index = 0; index < ROUND; index++) if (isOn(index)) onCount++
  return onCount
}

async function countLater({ isOnLater }: AskedLater): Promise<number> {
  let onCount = 0
  for (let index = 0; index < ROUND; index++) if (await isOnLater(index)) onCount++
  return onCount
}
