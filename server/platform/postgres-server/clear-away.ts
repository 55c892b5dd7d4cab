import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sendSignal } from '../processes.ts'
import { type Connection, inDatabase } from './connection-file.ts'
import { serverVersion } from './launch.ts'
import { type Family, familyEnds, killFamily, membersOf, signalFamily } from './process-family.ts'
import { PostgresRefused } from './refused.ts'

/** design §4: all of `holdfast start` ends within 5 s; this is PostgreSQL's part of it. */
const STOP_POLITE_MS = 1800
const STOP_FORCED_MS = 500

export interface Orphan {
  pid: number
  version: string
}

/**
 * A server of this folder that outlived its supervisor, if it answers: restarting it would end the connections of an
 * access that may still be running. One that was only stopped is woken first.
 */
export async function findOrphan(family: Family, connection: Connection): Promise<Orphan | null> {
  const pid = await postmasterOf(family)
  if (pid === null) return null
  const ask = () => serverVersion(inDatabase(connection.ownerUrl, 'postgres')).catch(() => null)
  let version = await ask()
  if (version === null) {
    signalFamily(family, 'SIGCONT')
    version = await ask()
  }
  return version === null ? null : { pid, version }
}

/** Ends whatever an earlier start left of this cluster, and its pid file, whose number may be another's by now. */
export async function clearAway(family: Family, log: (line: string) => void): Promise<void> {
  const left = membersOf(family)
  if (left.length > 0) {
    log(`ending ${left.length} processes of an earlier PostgreSQL that does not answer`)
    await stopFamily(family, await postmasterOf(family))
  }
  const [stubborn] = membersOf(family)
  if (stubborn !== undefined) {
    throw new PostgresRefused(
      `An earlier PostgreSQL of this data folder cannot be ended (process ${stubborn}): end it, or restart the machine.`,
    )
  }
  await rm(join(family.folder, 'postmaster.pid'), { force: true })
}

/** Asks for a fast shutdown and then stops asking. True when nothing is left; never takes longer than both together. */
export async function stopFamily(family: Family, postmaster: number | null): Promise<boolean> {
  // A stopped process takes no other signal but SIGKILL.
  signalFamily(family, 'SIGCONT')
  const wasAsked = postmaster !== null && sendSignal(postmaster, 'SIGINT')
  if (wasAsked && (await familyEnds(family, STOP_POLITE_MS))) return true
  return killFamily(family, STOP_FORCED_MS)
}

/** The number in the pid file, when that process is one of this cluster's. */
async function postmasterOf(family: Family): Promise<number | null> {
  const text = await readFile(join(family.folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return membersOf(family).includes(pid) ? pid : null
}
