import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { membersOf } from '../postgres-server/index.ts'
import { familyOf } from '../postgres-server/process-family.ts'
import { birthOf, sendSignal } from '../processes.ts'

const PREFIX = 'holdfast-test-'
const OWNER_FILE = 'owner.json'
/** The processes of a killed server let go of their files a moment after the signal. */
const REMOVE_RETRIES = 10
const REMOVE_RETRY_MS = 50

/** A folder that says whose it is, so that a later run can clear it away when this one is killed. */
export async function makeTestFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify({ pid: process.pid, born: birthOf(process.pid) }))
  return folder
}

const living = new Set<string>()
let isListening = false

/** For folders in which servers run: they go away with this process, also when it is interrupted. */
export function removeWithProcess(folder: string): void {
  living.add(folder)
  if (isListening) return
  isListening = true
  process.on('exit', () => {
    for (const each of living) removeTestFolder(each)
  })
  // Without a listener the default would end the process at once, and its servers would go on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    if (process.listenerCount(signal) === 0) process.on(signal, () => process.exit(1))
  }
}

/** Ends what runs in the folder and removes it; synchronous, so that exit handlers can use it. */
export function removeTestFolder(folder: string): void {
  living.delete(folder)
  endServerIn(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: REMOVE_RETRIES, retryDelay: REMOVE_RETRY_MS })
}

/** Clears away what runs that were killed have left: only folders of ours whose process is gone. */
export function removeStaleTestFolders(): string[] {
  const stale = readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter(isStale)
  for (const folder of stale) removeTestFolder(folder)
  return stale
}

function isStale(folder: string): boolean {
  try {
    const { pid, born } = JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as { pid: number; born: string }
    return birthOf(pid) !== born
  } catch {
    // Without its file it is being made or removed, or not readable by us: in each case not ours to judge.
    return false
  }
}

/** What `startPostgres` made in this folder, or in one directly below it. */
function endServerIn(folder: string): void {
  if (!existsSync(folder)) return
  for (const place of [folder, ...readdirSync(folder).map((name) => join(folder, name))]) {
    for (const pid of membersOf(familyOf(join(place, 'cluster')))) sendSignal(pid, 'SIGKILL')
  }
}
