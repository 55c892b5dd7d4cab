import { readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, type Own, readProcess } from './processes.ts'

/** What a drill has started, on disk before anything else happens: whoever cleans up after a killed drill reads it. */
export interface Ledger {
  drill: Own
  processes: Own[]
}

const FOLDER_PREFIX = 'holdfast-drill-'
const LEDGER_FILE = 'drill.json'

export function folderPrefix(): string {
  // Resolved, because the kernel tells the real path of a working directory and a link would not compare.
  return join(realpathSync(tmpdir()), FOLDER_PREFIX)
}

export function ownOf(pid: number, name: string): Own {
  return { pid, born: readProcess(pid)?.born ?? 'gone', name }
}

export function writeLedger(folder: string, ledger: Ledger): void {
  const path = join(folder, LEDGER_FILE)
  writeFileSync(`${path}.new`, JSON.stringify(ledger), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** A folder without a ledger is no longer a drill's: it is kept for a person, and no later drill clears it away. */
export function forgetLedger(folder: string): void {
  rmSync(join(folder, LEDGER_FILE), { force: true })
}

export function readLedger(folder: string): Ledger | null {
  try {
    const ledger: unknown = JSON.parse(readFileSync(join(folder, LEDGER_FILE), 'utf8'))
    return isLedger(ledger) ? ledger : null
  } catch {
    // No ledger, or one cut off while being written: nothing was started under it yet.
    return null
  }
}

/** Folders of drills that are no longer running. Another person's folder is not believed: it could name any process. */
export function findLeftovers(): string[] {
  const parent = realpathSync(tmpdir())
  return readdirSync(parent)
    .filter((name) => name.startsWith(FOLDER_PREFIX))
    .map((name) => join(parent, name))
    .filter((folder) => isMine(folder) && isAbandoned(folder))
}

function isMine(folder: string): boolean {
  try {
    return statSync(folder).uid === process.getuid?.()
  } catch {
    return false
  }
}

function isAbandoned(folder: string): boolean {
  const ledger = readLedger(folder)
  return ledger !== null && !isAlive(ledger.drill)
}

function isLedger(value: unknown): value is Ledger {
  const ledger = value as Ledger
  return isOwn(ledger?.drill) && Array.isArray(ledger.processes) && ledger.processes.every(isOwn)
}

function isOwn(value: unknown): value is Own {
  const own = value as Own
  return Number.isSafeInteger(own?.pid) && own.pid > 1 && typeof own.born === 'string' && typeof own.name === 'string'
}
