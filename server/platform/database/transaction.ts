import type pg from 'pg'
import { systemClock } from '../clock.ts'
import { DeadlineExceeded, within } from '../deadline.ts'
import { DatabaseOutage, isOutage, wasAnswered } from './outage.ts'
import type { Statement } from './sql.ts'

/** Asks one connection, and gives up after `deadlineMs`. */
export type Ask = (text: string, values: readonly unknown[], deadlineMs: number) => Promise<pg.QueryResult>
/** Asks inside the transaction; deadlines are taken care of. */
export type AskInside = (statement: Statement) => Promise<pg.QueryResult>

export interface TransactionLimits {
  /** How long one statement may take, seen from here. */
  queryMs: number
  /** How long the whole may take; past it, nothing is committed any more. */
  transactionMs: number
}

/** A real server needs real time: a test's clock that stands still would keep a fence open for ever. */
const nowMs = () => systemClock.monotonicMs()

/**
 * Runs `work` between BEGIN and COMMIT. The COMMIT is fenced: the server refuses it from the moment on at which we give
 * up waiting, so that one that hung and wakes up later commits nothing (measured: 3 of 3 did, events.md §3.4).
 */
export async function inTransaction<T>(
  ask: Ask,
  limits: TransactionLimits,
  work: (ask: AskInside) => Promise<T>,
): Promise<T> {
  const until = nowMs() + limits.transactionMs
  const leftMs = () => Math.min(limits.queryMs, until - nowMs())
  const say = (text: string, values: readonly unknown[] = []) => askBefore(ask, text, values, leftMs())

  await say('begin; select platform.open_fence()')
  // Read after the answer: the server's own watch was started before ours, never after.
  const openedAt = nowMs()
  const result = await workWithin(until - nowMs(), work, (statement) => say(statement.text, statement.values))

  const waitMs = leftMs()
  const allowedMs = Math.floor(nowMs() - openedAt + waitMs)
  try {
    await askBefore(ask, `select platform.check_fence(${allowedMs}); commit`, [], waitMs)
  } catch (error) {
    const isLost = error instanceof DatabaseOutage && waitMs > 0 && !wasAnswered(error.cause)
    throw isLost ? new DatabaseOutage('unknown', 'the answer to a commit did not come', error.cause) : error
  }
  return result
}

/** Until the COMMIT is sent, whatever goes wrong has changed nothing. */
async function askBefore(ask: Ask, text: string, values: readonly unknown[], deadlineMs: number) {
  try {
    if (deadlineMs <= 0) throw new DeadlineExceeded('the transaction', 0)
    return await ask(text, values, deadlineMs)
  } catch (error) {
    throw isOutage(error) ? new DatabaseOutage('failed', 'the database did not answer in a transaction', error) : error
  }
}

async function workWithin<T>(deadlineMs: number, work: (ask: AskInside) => Promise<T>, ask: AskInside): Promise<T> {
  let isOver = false
  let lost: DatabaseOutage | undefined
  const askWhileOpen: AskInside = async (statement) => {
    // The connection may already be somebody else's.
    if (isOver) throw new Error('a statement came after its transaction had ended')
    if (lost) throw lost
    try {
      return await ask(statement)
    } catch (error) {
      if (error instanceof DatabaseOutage) lost = error
      throw error
    }
  }
  // Kept apart from our own deadline: `work` may have others of its own.
  const working = work(askWhileOpen).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  let ended: Awaited<typeof working>
  try {
    ended = await within(deadlineMs, 'a transaction', working)
  } catch (error) {
    throw new DatabaseOutage('failed', 'a transaction took too long', error)
  } finally {
    isOver = true
  }
  if ('error' in ended) throw ended.error
  // Caught by `work`, perhaps; but nothing may be committed over it.
  if (lost) throw lost
  return ended.value
}
