import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/** One row of the process table. `born` tells a process from a later one that was given the same number. */
export interface Row {
  pid: number
  parent: number
  program: string
  state: string
  born: string
}

/** A process that was started by a drill, as it is written down. */
export interface Own {
  pid: number
  born: string
  name: string
}

/** The whole table, zombies left out: they hold nothing and answer nothing. */
export function readProcesses(): Row[] {
  const rows = process.platform === 'linux' ? readProc() : readPs()
  return rows.filter((row) => !row.state.startsWith('Z'))
}

export function readProcess(pid: number): Row | undefined {
  const row = process.platform === 'linux' ? readStat(String(pid)) : readPs().find((one) => one.pid === pid)
  return row?.state.startsWith('Z') ? undefined : row
}

export function isAlive(own: Own): boolean {
  return readProcess(own.pid)?.born === own.born
}

/** Stopped by a signal: the proof, from the kernel, that SIGSTOP has taken effect. */
export function isStopped(pid: number): boolean {
  return readProcess(pid)?.state.startsWith('T') === true
}

export function childrenOf(pid: number): number[] {
  return readProcesses()
    .filter((row) => row.parent === pid)
    .map((row) => row.pid)
}

/** A signal to one process by its number; true when it was there to take it. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/**
 * Every living process of a drill: those written down, all that descend from them, and those that a crash has orphaned
 * (a detached server whose parent was killed). An orphan is known by what the drill alone could have given it: a
 * PostgreSQL that works inside the drill's folder, or a Node whose data folder is there.
 */
export function ownProcesses(recorded: Own[], folder: string): Own[] {
  const table = readProcesses()
  const born = new Map(table.map((row) => [row.pid, row]))
  const own = new Map<number, Own>()
  for (const one of recorded) {
    if (born.get(one.pid)?.born === one.born) own.set(one.pid, one)
  }
  for (const row of table) {
    if (!own.has(row.pid) && isOrphanOf(row.pid, folder))
      own.set(row.pid, { pid: row.pid, born: row.born, name: 'orphan' })
  }
  addDescendants(own, table)
  own.delete(process.pid)
  return [...own.values()]
}

function addDescendants(own: Map<number, Own>, table: Row[]): void {
  // A parent may be listed after its child, so the table is gone through until nothing more is found.
  for (let found = true; found; ) {
    found = false
    for (const row of table) {
      if (own.has(row.pid) || !own.has(row.parent)) continue
      own.set(row.pid, { pid: row.pid, born: row.born, name: `child of ${own.get(row.parent)!.name}` })
      found = true
    }
  }
}

function isOrphanOf(pid: number, folder: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    const program = basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')
    if (program === 'postgres') return isInside(readlinkSync(`/proc/${pid}/cwd`), folder)
    if (program !== 'node') return false
    const data = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .find((entry) => entry.startsWith('HOLDFAST_DATA='))
    return data !== undefined && isInside(data.slice('HOLDFAST_DATA='.length), folder)
  } catch {
    // Gone meanwhile, or another person's: either way not one of ours.
    return false
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function readProc(): Row[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readStat(entry) ?? [])
}

/** proc(5): the name in brackets may itself hold blanks and brackets, so the fields are counted from the last one. */
function readStat(entry: string): Row | undefined {
  try {
    const text = readFileSync(`/proc/${entry}/stat`, 'utf8')
    const program = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { pid: Number(entry), program, state: fields[0]!, parent: Number(fields[1]), born: fields[19]! }
  } catch {
    return undefined
  }
}

function readPs(): Row[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,state=,ucomm=,lstart='], { encoding: 'utf8', timeout: 5000 })
  return text.split('\n').flatMap((line) => {
    const [pid, parent, state, program, ...born] = line.trim().split(/\s+/)
    return program ? [{ pid: Number(pid), parent: Number(parent), program, state: state!, born: born.join(' ') }] : []
  })
}
