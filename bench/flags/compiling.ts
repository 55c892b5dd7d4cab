import { monotonicMs } from '../../drills/frame/clock.ts'
import type { Open } from '../peers/peer.ts'
import { flagdDefinition, MANY_FLAGS } from './same-rule.ts'

/** The process of a contestant that reads the text of a definition, over and over; an operation is the whole of it. */
export function compiling(compile: (text: string) => number): Open {
  return async () => {
    const text = JSON.stringify(flagdDefinition(MANY_FLAGS))
    return {
      async work({ untilMs }) {
        let operations = 0
        do {
          const count = compile(text)
          if (count !== MANY_FLAGS) throw new Error(`${count} of ${MANY_FLAGS} flags were compiled.`)
          operations++
        } while (monotonicMs() < untilMs)
        return operations
      },
    }
  }
}
