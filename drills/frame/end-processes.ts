import { setTimeout as sleep } from 'node:timers/promises'
import { readLedger } from './ledger.ts'
import { type Own, ownProcesses, readProcess, signalProcess } from './processes.ts'

const ROUND_MS = 50
/** After this many rounds, two seconds, nobody is asked any more. */
const POLITE_ROUNDS = 40
/** Ten seconds in all: a process that the kernel does not let go in that time is reported, not waited for. */
const ROUNDS_MAX = 200

/**
 * Thaws and ends every process that belongs to a drill's folder, and says which ones there were. PostgreSQL is asked by
 * SIGQUIT first, its immediate shutdown: killed outright it leaves a segment of shared memory behind for ever.
 */
export async function endProcesses(folder: string): Promise<{ ended: Own[]; remaining: Own[] }> {
  const ended = new Map<number, Own>()
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const own = ownProcesses(readLedger(folder)?.processes ?? [], folder)
    if (own.length === 0) return { ended: [...ended.values()], remaining: [] }
    for (const one of own) {
      ended.set(one.pid, one)
      endOne(one, round)
    }
    await sleep(ROUND_MS)
  }
  return { ended: [...ended.values()], remaining: ownProcesses(readLedger(folder)?.processes ?? [], folder) }
}

function endOne(own: Own, round: number): void {
  const row = readProcess(own.pid)
  if (row?.born !== own.born) return
  // The others first and at once: a supervisor that lives on would start again what is being ended.
  if (row.program !== 'postgres' || round >= POLITE_ROUNDS) signalProcess(own.pid, 'SIGKILL')
  else if (round === 0 && readProcess(row.parent)?.program !== 'postgres') signalProcess(own.pid, 'SIGQUIT')
  signalProcess(own.pid, 'SIGCONT')
}
