import { monotonicMs } from '../frame/clock.ts'
import { isAlive, type Own, readProcess, signalProcess } from '../frame/processes.ts'
import { poll, waitUntil } from '../frame/wait.ts'
import { askDatabase, connectsByTcp, type DatabaseAnswer } from '../postgres/ask-database.ts'
import { areAllStopped, freezePostmaster, freezeServer, thaw } from '../postgres/freeze.ts'
import type { OpenArm } from './arm.ts'
import type { PlannedFault } from './plan.ts'

/** What was seen of a fault, from outside and from the kernel. All times are monotonic ms. */
export interface SeenFault {
  kind: PlannedFault['kind']
  title: string
  startedMs: number
  /** When the database was able to work again: thawed, or answering after its restart. Null: it never was. */
  repairedMs: number | null
  settledMs: number
  /** Both are needed: a database that answers was not at fault, and one that nobody can connect to is not hung. */
  proof: { tcp_connects: boolean; new_connection: DatabaseAnswer; by_the_kernel: boolean; at_the_end: boolean }
  isProven: boolean
}

interface Injection {
  arm: OpenArm
  fault: PlannedFault
  startAtMs: number
  signal: AbortSignal
  /** Called when the proof is there, while the fault lasts; what it asks of a door that hangs must not stretch the fault. */
  onProven: () => void
}

export function injectFault(injection: Injection): Promise<SeenFault> {
  return injection.fault.kind === 'killed' ? kill(injection) : freeze(injection)
}

async function freeze({ arm, fault, startAtMs, signal, onProven }: Injection): Promise<SeenFault> {
  const startedMs = monotonicMs()
  const freezeIt = fault.kind === 'whole_server' ? freezeServer : freezePostmaster
  const frozen: Own[] = await freezeIt(arm.postmaster(), signal)
  const [tcp, answer] = await Promise.all([connectsByTcp(arm.databaseUrl()), askDatabase(arm.databaseUrl())])
  const isStopped = areAllStopped(frozen)
  onProven()

  await waitUntil(startAtMs + fault.repairMs, signal)
  // Somebody else may have thawed it meanwhile, a supervisor for instance: then it did not last as long as is claimed.
  const isStillStopped = areAllStopped(frozen)
  const repairedMs = monotonicMs()
  thaw(frozen)
  return {
    ...whole(fault, startAtMs),
    startedMs,
    repairedMs,
    proof: { tcp_connects: tcp, new_connection: answer, by_the_kernel: isStopped, at_the_end: isStillStopped },
    isProven: tcp && answer === 'hung' && isStopped && isStillStopped,
  }
}

async function kill({ arm, fault, startAtMs, signal, onProven }: Injection): Promise<SeenFault> {
  const postmaster = arm.postmaster()
  const victim: Own = { pid: postmaster, born: readProcess(postmaster)?.born ?? '', name: 'postmaster' }
  const startedMs = monotonicMs()
  signalProcess(postmaster, 'SIGKILL')
  const isGone = await poll(() => !isAlive(victim) || null, { deadlineMs: 2000, signal, everyMs: 1 })
  const [tcp, answer] = await Promise.all([connectsByTcp(arm.databaseUrl()), askDatabase(arm.databaseUrl())])
  onProven()

  await arm.restartDatabase()
  const isBack = await poll(async () => ((await askDatabase(arm.databaseUrl())) === 'answered' ? true : null), {
    deadlineMs: startAtMs + fault.settledMs - monotonicMs(),
    signal,
  })
  const repairedMs = isBack ? monotonicMs() : null
  return {
    ...whole(fault, startAtMs),
    startedMs,
    repairedMs,
    proof: { tcp_connects: tcp, new_connection: answer, by_the_kernel: isGone === true, at_the_end: isBack === true },
    isProven: isGone === true && answer === 'refused',
  }
}

function whole(fault: PlannedFault, startAtMs: number) {
  return { kind: fault.kind, title: fault.title, settledMs: startAtMs + fault.settledMs }
}
