import { compareNumbers, type Parsed, sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { type Head, type Position, WINDOW_ROWS } from './queries.ts'

/** Why nothing is changed here until a person has decided. */
export type StoreFault = 'wiped' | 'behind' | 'forked' | 'quarantined'

export interface Fault {
  fault: StoreFault
  /** What is, in a sentence. */
  sentence: string
  /** Rows of the log say something else: only who saw them before can tell. */
  isOfLog?: true
}

/** Whether changes can be made, as last seen. Answers are given all the while. */
export interface Standing {
  state: 'following' | 'holding' | 'unknown'
  fault: StoreFault | null
  sentence: string
  since: Date
}

/** Nothing was ever delivered from here, and nobody knows of anything: a first start. */
export function isUntouched(position: Position | null, held: Parsed | undefined): boolean {
  return (
    position?.head?.epoch === 0 &&
    held === undefined &&
    position.newest.length === 0 &&
    position.greatest_told === null &&
    position.head.changes === 0 &&
    position.signing_key === null
  )
}

/**
 * Whether the tables are those that the snapshot at hand was signed over. They are compared by numbers and counts, so that it can
 * be done every second; whoever changes what is counted behind our back changes no answer (design §6).
 */
export function findFault(
  position: Position | null,
  held: Parsed | undefined,
  { olderFrom }: { olderFrom: number },
): Fault | undefined {
  if (!position) return wiped('The tables of flags are gone.')
  const { head } = position
  if (!head) return wiped('The tables of flags were emptied: the row that has the newest number is gone.')
  const behind = toldBeyond(position, head)
  if (held) {
    const order = compareNumbers(head, held.body)
    if (head.epoch === 0)
      return wiped(
        `The database never delivered a flag, and ${sayNumber(held.body)} is served here: it was emptied, or is another one.`,
      )
    if (order < 0)
      return {
        fault: 'behind',
        sentence: `The database is at ${sayNumber(head)}, and ${sayNumber(held.body)} is served here: it was set back.`,
      }
    if (order === 0 && head.digest !== held.header.digest)
      return {
        fault: 'forked',
        sentence: `The database has another ${sayNumber(head)} than the one that is served here.`,
      }
    if (order > 0)
      return wiped(
        `The snapshot ${sayNumber(head)} is not there to be read, or not to be accepted; ${sayNumber(held.body)} is served.`,
      )
  } else if (head.epoch > 0)
    return wiped(`The snapshot ${sayNumber(head)} is not there to be read, and none lies on this disk.`)
  return behind ?? whatIsMissing(position, head, held, olderFrom)
}

function whatIsMissing(position: Position, head: Head, held: Parsed | undefined, olderFrom: number): Fault | undefined {
  if (!held)
    return position.newest.length > 0 || head.changes > 0
      ? wiped('The database has lost its newest number.')
      : undefined
  if (!position.has_snapshot) return wiped(`The snapshot ${sayNumber(head)} is gone from the database.`)
  if (!position.signing_key || !position.has_root) return wiped('The keys that sign flags are gone from the database.')
  const flags = Object.keys(held.body.flags).length
  const evaluators = Object.keys(held.body.evaluators).length
  if (position.flags !== flags) return wiped(`The tables hold ${position.flags} of ${flags} flags.`)
  if (position.evaluators !== evaluators)
    return wiped(`The tables hold ${position.evaluators} of ${evaluators} segments.`)
  const newest = { from: head.changes - WINDOW_ROWS + 1, to: head.changes }
  const older = { from: olderFrom, to: olderFrom + WINDOW_ROWS - 1 }
  const isWhole = position.counted === expected(newest, head) && position.counted_older === expected(older, head)
  return isWhole ? undefined : wiped('The change log has lost rows, or has some that no change has written.')
}

function expected({ from, to }: { from: number; to: number }, { changes, whole_from: wholeFrom }: Head): number {
  return Math.max(0, Math.min(to, changes) - Math.max(from, wholeFrom, 1) + 1)
}

/** By the number that a client tells, too: all disks of access may be new, and only clients know what was delivered. */
function toldBeyond({ greatest_told: told }: Position, head: Head): Fault | undefined {
  if (!told || compareNumbers(told, head) <= 0) return undefined
  const who = `${told.application === 'access' ? 'the access process' : `${told.application},`} ${told.instance}`
  const sentence = `The database is at ${sayNumber(head)}, and ${who} tells of ${sayNumber(told)}: it was set back.`
  return { fault: 'behind', sentence }
}

const wiped = (sentence: string): Fault => ({ fault: 'wiped', sentence })
