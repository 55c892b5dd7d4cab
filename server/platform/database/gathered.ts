import type { WriteAll } from './database.ts'
import type { Statement } from './sql.ts'

/** So many of a kind are written at once; a transaction that tells of more writes them in portions. */
const TOGETHER_MAX = 100

/** What waits for the COMMIT of one transaction. */
export interface Gathered {
  /** A statement: there are so many that it has to be written now. */
  add<Item>(write: WriteAll<Item>, item: Item): Statement | undefined
  /** All that still waits, in the order in which the kinds came. */
  take(): Statement[]
}

export function openGathered(): Gathered {
  const waiting = new Map<WriteAll<never>, unknown[]>()
  return {
    add(write, item) {
      const items = waiting.get(write) ?? []
      items.push(item)
      if (items.length >= TOGETHER_MAX) {
        waiting.delete(write)
        return write(items as never[])
      }
      waiting.set(write, items)
      return undefined
    },
    take() {
      const statements = [...waiting].map(([write, items]) => write(items as never[]))
      waiting.clear()
      return statements
    },
  }
}
