import { childrenOf, isAlive, isStopped, type Own, readProcess, signalProcess } from '../frame/processes.ts'
import { poll } from '../frame/wait.ts'

const STOP_DEADLINE_MS = 5000

/** Stops the postmaster, so that it makes no new backend, and then every backend: a kernel lock-up, seen from outside. */
export async function freezeServer(postmaster: number, signal: AbortSignal): Promise<Own[]> {
  const frozen = await freezePostmaster(postmaster, signal)
  const stopped = await poll(
    () => {
      const backends = childrenOf(postmaster)
      const running = backends.filter((pid) => !isStopped(pid))
      for (const pid of running) signalProcess(pid, 'SIGSTOP')
      return running.length === 0 ? backends : null
    },
    { deadlineMs: STOP_DEADLINE_MS, signal, everyMs: 5 },
  )
  // What was stopped before the time ran out has to be thawed all the same, so the list is made from what there is.
  return [...frozen, ...(stopped ?? childrenOf(postmaster)).flatMap((pid) => ownOf(pid, 'backend'))]
}

/** Stops the postmaster alone: connections that exist go on answering, new ones are accepted and never answered. */
export async function freezePostmaster(postmaster: number, signal: AbortSignal): Promise<Own[]> {
  signalProcess(postmaster, 'SIGSTOP')
  await poll(() => isStopped(postmaster) || null, { deadlineMs: STOP_DEADLINE_MS, signal, everyMs: 5 })
  return ownOf(postmaster, 'postmaster')
}

export function areAllStopped(frozen: Own[]): boolean {
  return frozen.length > 0 && frozen.every((own) => isAlive(own) && isStopped(own.pid))
}

/** The backends first: the postmaster then finds its children as it left them. */
export function thaw(frozen: Own[]): void {
  for (const own of frozen.toReversed()) if (isAlive(own)) signalProcess(own.pid, 'SIGCONT')
}

function ownOf(pid: number, name: string): Own[] {
  const row = readProcess(pid)
  return row ? [{ pid, born: row.born, name }] : []
}
