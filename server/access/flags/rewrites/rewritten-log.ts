import type { Queries } from '../../../platform/database/index.ts'
import type { Fault } from '../following/standing.ts'
import { type BlockAsked, type BlockSeen, readBlocks, readContents } from './queries.ts'

/** Known of so many rows of the log, from one of these on: by their versions, and by what they say. */
interface Block {
  last: number
  print: bigint
  contents: bigint
}

/** Rows of the log that are looked at together: a few milliseconds. */
export const BLOCK_ROWS = 10_000
/** A log of a hundred million rows; what comes after is counted, and not compared. */
const BLOCKS_MAX = 10_000

export type FindInLog = (db: Queries, changes: number, olderFrom: number) => Promise<Fault | undefined>

/**
 * Whether rows of the log say what they said when this process first saw them. The triggers let nobody change one; who may
 * switch triggers off can. The newest rows are looked at each time, and of the older ones a block.
 */
export function openLog(): FindInLog {
  const blocks = new Map<number, Block>()
  const rewritten = new Set<number>()

  async function look(db: Queries, { first, last, known_print, more_print, more_contents }: BlockSeen) {
    const block = blockAt(first)
    const print = BigInt(known_print)
    if (print !== block.print) {
      const contents = await readContents(db, { first, known: block.last })
      // Rows under other versions that say the same: a dump that was put back.
      if (BigInt(contents) !== block.contents) return void rewritten.add(first)
    }
    rewritten.delete(first)
    blocks.set(first, {
      last,
      print: print + BigInt(more_print),
      contents: block.contents + BigInt(more_contents),
    })
  }

  const blockAt = (first: number): Block => blocks.get(first) ?? { last: first - 1, print: 0n, contents: 0n }

  return async (db, changes, olderFrom) => {
    const newest = firstOf(Math.max(changes, 1))
    // The one before, too: of a block that was begun a moment ago there is hardly anything.
    const wanted = new Set([newest, Math.max(1, newest - BLOCK_ROWS), firstOf(olderFrom)])
    const asked = [...wanted]
      .filter((first) => blocks.has(first) || blocks.size < BLOCKS_MAX)
      .map((first): BlockAsked => ({ first, known: blockAt(first).last }))
    for (const seen of await readBlocks(db, asked, BLOCK_ROWS)) await look(db, seen)
    const [first] = rewritten
    return first === undefined ? undefined : faultOf(first, blockAt(first).last)
  }
}

const firstOf = (id: number) => id - ((id - 1) % BLOCK_ROWS)

function faultOf(first: number, last: number): Fault {
  const sentence = `Among the rows ${first} to ${last} of the change log are some that say something else than before.`
  return { fault: 'wiped', sentence, isOfLog: true }
}
