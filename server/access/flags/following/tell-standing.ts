import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import type { Fault, Standing } from './standing.ts'

/** By what a fault is told; `forked` and `quarantined` are a database that is not the one that was followed. */
const KINDS = {
  wiped: 'flags.wiped',
  behind: 'flags.behind',
  forked: 'flags.behind',
  quarantined: 'flags.behind',
} as const
const OVER = 'flags.whole-again'
const ALL = [...new Set<string>(Object.values(KINDS)), OVER]

/** What is from now on; of the same fault, since when it has been. */
export function standingAfter({ clock, served }: Parts, before: Standing, fault: Fault | undefined): Standing {
  const held = served.held()
  const state = fault ? 'holding' : 'following'
  const isSame = before.state === state && before.fault === (fault?.fault ?? null)
  const sentence =
    fault?.sentence ?? `The database is at ${held ? sayNumber(held.body) : 'no number'}, and so is this process.`
  return { state, fault: fault?.fault ?? null, sentence, since: isSame ? before.since : clock.now() }
}

/** A change is told once, by whichever process sees it first. */
export async function tellStanding(parts: Parts, { sentence }: Standing, fault: Fault | undefined): Promise<void> {
  await raise(parts, fault)
  if (fault) parts.log.error({ fault: fault.fault, sentence }, 'flags are held: answers stay as they are')
}

async function raise({ background, signal, served }: Parts, fault: Fault | undefined): Promise<void> {
  const kind = fault ? KINDS[fault.fault] : OVER
  const held = served.held()
  const facts = {
    ...(fault && { fault: fault.fault, sentence: fault.sentence, is_of_log: fault.isOfLog ?? false }),
    ...(held && { epoch: held.body.epoch, seq: held.body.seq, count: held.body.count }),
  }
  await background.transaction(async (tx) => {
    const [last] = await newestSignals(tx, ALL, 1)
    // Another process has said it; and that all is well is news only after something was not.
    if (last?.kind === kind || (!fault && !last)) return
    await signal(tx, { kind, subject: 'flags', facts })
  })
}

/** That the log was rewritten in this epoch, as a process that saw it before has told: a restart is no repair. */
export async function rewriteTold(db: Queries, epoch: number): Promise<Fault | undefined> {
  const [last] = await newestSignals(db, ALL, 1)
  const { is_of_log: isOfLog, epoch: of, sentence } = last?.facts ?? {}
  if (last?.kind !== KINDS.wiped || isOfLog !== true || of !== epoch) return undefined
  return { fault: 'wiped', sentence: String(sentence), isOfLog: true }
}
