import type pg from 'pg'
import { systemClock } from '../clock.ts'
import { DeadlineExceeded, within } from '../deadline.ts'
import type { Queries } from './database.ts'
import { openGathered } from './gathered.ts'
import { DatabaseOutage, isOutage, wasAnswered } from './outage.ts'
import { mayChange, type Statement } from './sql.ts'

/** Asks one connection, and gives up after `deadlineMs`. What is asked before an answer came leaves together with it. */
export type Ask = (statement: Statement, deadlineMs: number) => Promise<pg.QueryResult>
/** Asks inside the transaction; deadlines are taken care of. */
type AskInside = (statement: Statement) => Promise<pg.QueryResult>
type Work<T> = (ask: AskInside, gather: Queries['gather']) => Promise<T>

export interface TransactionLimits {
  /** How long one statement may take, seen from here. */
  queryMs: number
  /** How long the whole may take; past it, nothing is committed any more. */
  transactionMs: number
}

/** A real server needs real time: a test's clock that stands still would keep a fence open for ever. */
const nowMs = () => systemClock.monotonicMs()
const BEGIN: Statement = { text: 'begin; select platform.open_fence()', values: [] }

/**
 * Runs `work` between BEGIN and COMMIT. The COMMIT is fenced: the server refuses it from the moment on at which we give
 * up waiting, so that one that hung and wakes up later commits nothing (measured: 3 of 3 did, events.md §3.4).
 *
 * A way to the server and back costs more than most statements: a first question leaves together with BEGIN, and what was
 * gathered, or asked and not waited for, together with COMMIT. Whatever of it fails, the transaction fails with.
 */
export async function inTransaction<T>(ask: Ask, limits: TransactionLimits, work: Work<T>): Promise<T> {
  const until = nowMs() + limits.transactionMs
  const leftMs = () => Math.min(limits.queryMs, until - nowMs())
  const say = (statement: Statement) => askBefore(ask, statement, leftMs())

  // Read after the answer: the server's own watch was started before ours, never after.
  const opening = say(BEGIN).then(() => nowMs())
  const inside = openInside(behind(opening, say))
  const working = workWithin(until - nowMs(), inside, work)
  await Promise.allSettled([working])
  // First, also when `work` failed: until BEGIN is answered nobody can tell what the connection is in.
  const openedAt = await opening
  const result = await working

  const waitMs = leftMs()
  const written = inside.flush((statement) => askBefore(ask, statement, waitMs))
  const allowedMs = Math.floor(nowMs() - openedAt + waitMs)
  const commit = { text: `select platform.check_fence(${allowedMs}); commit`, values: [] }
  try {
    await askBefore(ask, commit, waitMs)
  } catch (error) {
    const isLost = error instanceof DatabaseOutage && waitMs > 0 && !wasAnswered(error.cause)
    if (isLost) throw new DatabaseOutage('unknown', 'the answer to a commit did not come', error.cause)
    // The COMMIT only says that something before it went wrong.
    await written
    throw error
  }
  return result
}

/**
 * Until BEGIN is answered only questions are sent after it: were it refused, a change would stand by itself, and
 * unfenced. In the order in which they came.
 */
function behind(opening: Promise<unknown>, say: AskInside): AskInside {
  let [isOpen, isHeld] = [false, false]
  opening.then(
    () => (isOpen = true),
    () => {},
  )
  return async (statement) => {
    isHeld ||= mayChange(statement)
    if (isHeld && !isOpen) await opening
    return say(statement)
  }
}

/** Until the COMMIT is sent, whatever goes wrong has changed nothing. */
async function askBefore(ask: Ask, statement: Statement, deadlineMs: number) {
  try {
    if (deadlineMs <= 0) throw new DeadlineExceeded('the transaction', 0)
    return await ask(statement, deadlineMs)
  } catch (error) {
    throw isOutage(error) ? new DatabaseOutage('failed', 'the database did not answer in a transaction', error) : error
  }
}

/** The transaction as `work` sees it. */
interface Inside {
  ask: AskInside
  gather: Queries['gather']
  /** From now on nothing more is taken: the connection may be somebody else's. */
  close(): void
  /** Throws the outage that `work` met, and caught, perhaps: nothing may be committed over it. */
  assertKept(): void
  /** Sends what was gathered; rejects with the first that failed of all that is still under way. */
  flush(send: AskInside): Promise<unknown>
}

function openInside(ask: AskInside): Inside {
  const gathered = openGathered()
  const underWay = new Set<Promise<unknown>>()
  let isOver = false
  let lost: DatabaseOutage | undefined

  function assertOpen(): void {
    if (isOver) throw new Error('a statement came after its transaction had ended')
    if (lost) throw lost
  }
  async function askWhileOpen(statement: Statement) {
    assertOpen()
    const asking = ask(statement)
    underWay.add(asking)
    try {
      const answer = await asking
      underWay.delete(asking)
      return answer
    } catch (error) {
      if (error instanceof DatabaseOutage) lost ??= error
      throw error
    }
  }
  return {
    ask: askWhileOpen,
    async gather(write, item) {
      assertOpen()
      const statement = gathered.add(write, item)
      if (statement) await askWhileOpen(statement)
    },
    close() {
      isOver = true
    },
    assertKept() {
      if (lost) throw lost
    },
    flush(send) {
      const all = Promise.all([...underWay, ...gathered.take().map(send)])
      // Looked at where the COMMIT fails.
      all.catch(() => {})
      return all
    },
  }
}

async function workWithin<T>(deadlineMs: number, inside: Inside, work: Work<T>): Promise<T> {
  // Kept apart from our own deadline: `work` may have others of its own.
  const working = work(inside.ask, inside.gather).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  let ended: Awaited<typeof working>
  try {
    ended = await within(deadlineMs, 'a transaction', working)
  } catch (error) {
    throw new DatabaseOutage('failed', 'a transaction took too long', error)
  } finally {
    inside.close()
  }
  if ('error' in ended) throw ended.error
  inside.assertKept()
  return ended.value
}

/**
 * Marks a statement that nobody waits for before the COMMIT: it leaves together with it, and its failure is the
 * transaction's. Its answer is there afterwards.
 */
export function withCommit<T>(asking: Promise<T>): Promise<T> {
  asking.catch(() => {})
  return asking
}
