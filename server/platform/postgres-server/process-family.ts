import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive, type ProcessRow, readProcesses, sendSignal } from '../processes.ts'

/** Tells the processes of one cluster from those of every other on the machine. */
export interface Family {
  /** The cluster's folder, links resolved: the working folder of each of its processes. */
  folder: string
  /** `cluster_name`, shown in the title of each backend: what is left to go by where the folder may not be seen. */
  name: string
}

/** A backend's title; and a postmaster's, which its children bear until they have one of their own. */
const POSTGRES = /^postgres: |postgres -D /
const LOOK_AGAIN_MS = 20

export function familyOf(folder: string): Family {
  return { folder, name: `hf-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}` }
}

/** Postmaster and backends, those included that a killed postmaster left behind. */
export function membersOf(family: Family): number[] {
  return readProcesses(POSTGRES)
    .filter((row) => isMember(family, row))
    .map((row) => row.pid)
}

/**
 * Every backend is a session of its own, so no group signal reaches them all. By working folder where it may be seen;
 * root without CAP_SYS_PTRACE (a plain container) may not, and goes by title.
 */
function isMember(family: Family, { title, folder }: ProcessRow): boolean {
  if (folder !== null) return folder === family.folder || folder === `${family.folder} (deleted)`
  return title.startsWith(`postgres: ${family.name}:`) || title.includes(`postgres -D ${family.folder} `)
}

export function signalFamily(family: Family, signal: NodeJS.Signals): number {
  return membersOf(family).filter((pid) => sendSignal(pid, signal)).length
}

/** Stops every process where it stands, the postmaster first: a backend born meanwhile is caught in the next round. */
export function freezeFamily(family: Family, postmaster: number): void {
  sendSignal(postmaster, 'SIGSTOP')
  for (const pid of membersOf(family)) sendSignal(pid, 'SIGSTOP')
}

/** True when all are gone before the deadline. */
export async function familyEnds(family: Family, deadlineMs: number): Promise<boolean> {
  const endsAt = performance.now() + deadlineMs
  // Looking through all processes is dear on a busy machine; looking whether one is still there is not.
  for (let members = membersOf(family); members.length > 0; members = membersOf(family)) {
    while (members.some(isAlive)) {
      if (performance.now() >= endsAt) return false
      await pause(LOOK_AGAIN_MS)
    }
  }
  return true
}

/** SIGKILL also ends what is stopped. Repeated, because a postmaster may have been forking when it was killed. */
export async function killFamily(family: Family, deadlineMs: number): Promise<boolean> {
  const endsAt = performance.now() + deadlineMs
  while (signalFamily(family, 'SIGKILL') > 0) {
    if (performance.now() >= endsAt) return false
    await pause(LOOK_AGAIN_MS)
  }
  return membersOf(family).length === 0
}
