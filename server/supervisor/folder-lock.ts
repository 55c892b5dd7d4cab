import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
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

/** Several starts at once each try a few times; one of them gets it. */
const TRIES = 5
const WRITING_MS = 100
/** Children of a killed supervisor end by themselves; one that is stopped cannot. */
const LEAVE_MS = 3000
const LOOK_AGAIN_MS = 20

/** One supervisor a data folder. A lock whose process is gone is taken over. */
export async function lockDataFolder(folder: string, clock: Clock): Promise<FolderLock> {
  const path = join(folder, 'supervisor.json')
  const lock: Lock = { ...markOf(process.pid), started_at: clock.now().toISOString(), children: [] }
  for (let attempt = 1; !(await create(path, lock)); attempt += 1) {
    const text = (await readFileIfThere(path)) ?? ''
    const held = parse(text)
    if (held && isLiving(held)) {
      throw new StartRefused(
        `Holdfast already runs on ${folder} (process ${held.pid}, since ${held.started_at}): end that one, or set HOLDFAST_DATA to another folder.`,
      )
    }
    if (attempt > TRIES) throw new StartRefused(`The lock ${path} cannot be taken: remove it when nothing runs there.`)
    // Another start may have made it and not have written into it yet.
    if (!held && attempt === 1) await pause(WRITING_MS)
    else await discard(path, text, held)
  }
  return openLock(path, lock)
}

function openLock(path: string, lock: Lock): FolderLock {
  let writing: Promise<void> = Promise.resolve()
  let isReleased = false
  const write = async () => {
    // On a full disk only the help for the next start is lost.
    if (!isReleased) await replaceFile(path, `${JSON.stringify(lock)}\n`).catch(() => {})
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
    },
  }
}

async function create(path: string, lock: Lock): Promise<boolean> {
  try {
    await using file = await open(path, 'wx', 0o600)
    await file.writeFile(`${JSON.stringify(lock)}\n`)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moved aside before it is removed, and put back when it was not the one that was judged: two starts may be here. */
async function discard(path: string, judged: string, held: Lock | undefined): Promise<void> {
  for (const child of held?.children ?? []) if (isLiving(child)) await endLeftover(child)
  const aside = `${path}.${process.pid}.stale`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if ((await readFile(aside, 'utf8')) === judged) await rm(aside)
  else await rename(aside, path)
}

async function endLeftover(child: Mark): Promise<void> {
  sendSignal(child.pid, 'SIGCONT')
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (isLiving(child)) sendSignal(child.pid, signal)
    const endsAt = performance.now() + LEAVE_MS
    while (isLiving(child) && performance.now() < endsAt) await pause(LOOK_AGAIN_MS)
  }
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
