import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import { readFileIfThere, replaceFile } from '../platform/durable-file.ts'
import { birthOf, isAlive, sendSignal } from '../platform/processes.ts'
import { StartRefused } from './refused.ts'

/** A process, told from a later one that was given its number. */
interface Mark {
  pid: number
  born: string | null
}
interface Lock extends Mark {
  started_at: string
  children: Mark[]
}

export interface FolderLock {
  /** Written down so that the next start can end those that a killed supervisor left behind. */
  noteChildren(pids: readonly number[]): void
  release(): Promise<void>
}

/** Children of a killed supervisor end by themselves; one that is stopped cannot. */
const LEAVE_MS = 3000
const LOOK_AGAIN_MS = 20
/** SQLITE_BUSY: another one holds it. https://www.sqlite.org/rescode.html#busy */
const BUSY = 5

/**
 * One supervisor a data folder. The lock is the kernel's, on `supervisor.lock` (by SQLite, as Node has no lock of files of its
 * own), so it ends with its process, however that ends: nothing has to be judged stale, which two starts at once can do to each
 * other. `supervisor.json` tells people who holds it, and the next start which children were left behind.
 */
export async function lockDataFolder(folder: string, clock: Clock): Promise<FolderLock> {
  const path = join(folder, 'supervisor.json')
  const file = lockFile(join(folder, 'supervisor.lock'))
  const before = parse((await readFileIfThere(path)) ?? '')
  // One of before this lock holds its folder by its number alone.
  if (!file || (before && isLiving(before))) {
    file?.close()
    throw new StartRefused(
      `Holdfast already runs on ${folder}${say(before)}: end that one, or set HOLDFAST_DATA to another folder.`,
    )
  }
  for (const child of before?.children ?? []) if (isLiving(child)) await endLeftover(child)
  const lock: Lock = { ...markOf(process.pid), started_at: clock.now().toISOString(), children: [] }
  await replaceFile(path, textOf(lock))
  return openLock(path, file, lock)
}

/** The file, locked until it is closed or this process ends; undefined when another one has it. */
function lockFile(path: string): DatabaseSync | undefined {
  let file: DatabaseSync | undefined
  try {
    file = new DatabaseSync(path, { timeout: 0 })
    // Nothing is ever written into it, so nothing has to be undone: no journal beside it.
    file.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
    return file
  } catch (error) {
    file?.close()
    if ((error as { errcode?: number }).errcode === BUSY) return undefined
    throw new StartRefused(
      `${path} cannot be locked (${(error as Error).message}): HOLDFAST_DATA has to be writable and on a disk of this machine.`,
    )
  }
}

function openLock(path: string, file: DatabaseSync, lock: Lock): FolderLock {
  let writing: Promise<void> = Promise.resolve()
  let isReleased = false
  const write = async () => {
    // On a full disk only the help for the next start is lost.
    if (!isReleased) await replaceFile(path, textOf(lock)).catch(() => {})
  }
  return {
    noteChildren(pids) {
      lock.children = pids.map(markOf)
      writing = writing.then(write)
    },
    async release() {
      isReleased = true
      await writing
      await rm(path, { force: true })
      // The file stays: a lock on one that was taken away would keep nobody out of the next.
      file.close()
    },
  }
}

async function endLeftover(child: Mark): Promise<void> {
  sendSignal(child.pid, 'SIGCONT')
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (isLiving(child)) sendSignal(child.pid, signal)
    const endsAt = performance.now() + LEAVE_MS
    while (isLiving(child) && performance.now() < endsAt) await pause(LOOK_AGAIN_MS)
  }
}

function textOf(lock: Lock): string {
  return `${JSON.stringify(lock)}\n`
}

/** Of one that has only just begun nothing may be written yet. */
function say(held: Lock | undefined): string {
  return held && isLiving(held) ? ` (process ${held.pid}, since ${held.started_at})` : ''
}

function markOf(pid: number): Mark {
  return { pid, born: birthOf(pid) }
}

function isLiving({ pid, born }: Mark): boolean {
  return isAlive(pid) && birthOf(pid) === born
}

function parse(text: string): Lock | undefined {
  try {
    const lock = JSON.parse(text) as Partial<Lock>
    return typeof lock.pid === 'number'
      ? { started_at: '?', born: null, children: [], ...lock, pid: lock.pid }
      : undefined
  } catch {
    return undefined
  }
}
