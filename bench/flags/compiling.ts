import { monotonicMs } from '../../drills/frame/clock.ts'
import type { Open } from '../peers/peer.ts'
import { flagdDefinition, MANY_FLAGS } from './same-rule.ts'

/** From the text of a definition to something that can be asked. */
export type Compile = (text: string) => { kept: unknown; size: number }

/** The process of a contestant that reads the text of a definition, over and over; an operation is the whole of it. */
export function compiling(compile: Compile): Open {
  return async () => {
    const text = JSON.stringify(flagdDefinition(MANY_FLAGS))
    return {
      async work({ untilMs }) {
        let operations = 0
        do {
          const { size } = compile(text)
          if (size !== MANY_FLAGS) throw new Error(`${size} of ${MANY_FLAGS} flags were compiled.`)
          operations++
        } while (monotonicMs() < untilMs)
        return operations
      },
    }
  }
}
