import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

/** One living process of this machine. */
export interface ProcessRow {
  pid: number
  /** Arguments, or the title it gave itself. */
  title: string
  /** Null where this user may not see it, and where the platform does not tell. */
  folder: string | null
}

/** `ps` answers in milliseconds; a machine on which it does not has other troubles. */
const PS_MS = 2000

/** The processes with such a title, without zombies, which hold nothing and answer nothing. */
export function readProcesses(title: RegExp): ProcessRow[] {
  return process.platform === 'linux' ? readProc(title) : readPs().filter((row) => title.test(row.title))
}

/** Numbers of the users under which anything runs. */
export function busyUsers(): Set<number> {
  if (process.platform !== 'linux') return new Set(readPs().map((row) => row.uid))
  return new Set(numbersInProc().flatMap((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? []))
}

/** When the process began, as a mark that no later process with the same number bears; null when there is none. */
export function birthOf(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null
  if (process.platform !== 'linux') return psColumn(pid, 'lstart=')
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === null) return null
  const [state, ...rest] = afterName(stat)
  // Field 22 of proc(5): ticks since boot; the boot id keeps it apart from the same tick after a restart.
  return state === 'Z' || state === 'X' ? null : `${bootId()}:${rest[18]}`
}

export function isAlive(pid: number): boolean {
  return birthOf(pid) !== null
}

/** Sends a signal to a process, or with a negative number to its group; false when nobody was there to take it. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH' || code === 'EPERM') return false
    throw error
  }
}

function readProc(wanted: RegExp): ProcessRow[] {
  return numbersInProc().flatMap((pid) => {
    // Empty for zombies and threads of the kernel.
    const title = (readText(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim()
    return wanted.test(title) ? [{ pid, title, folder: readLink(`/proc/${pid}/cwd`) }] : []
  })
}

function numbersInProc(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

function readPs(): (ProcessRow & { uid: number })[] {
  const table = execFileSync('ps', ['-axwwo', 'pid=,uid=,state=,command='], { encoding: 'utf8', timeout: PS_MS })
  return table.split('\n').flatMap((line) => {
    const [, pid, uid, state, title] = line.match(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/) ?? []
    if (!pid || state?.startsWith('Z')) return []
    return [{ pid: Number(pid), uid: Number(uid), title: title!.trim(), folder: null }]
  })
}

function psColumn(pid: number, column: string): string | null {
  try {
    const text = execFileSync('ps', ['-o', `state=,${column}`, '-p', String(pid)], { encoding: 'utf8', timeout: PS_MS })
    return text.trim().startsWith('Z') ? null : text.trim().replace(/^\S+\s+/, '') || null
  } catch {
    // ps exits with 1 when there is no such process.
    return null
  }
}

/** The fields behind the name, which may itself hold blanks and brackets; the first is the state. */
function afterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

let knownBootId: string | undefined
function bootId(): string {
  knownBootId ??= (readText('/proc/sys/kernel/random/boot_id') ?? '').trim().slice(0, 8)
  return knownBootId
}

/** A process may end between any two looks at it; then there is nothing to read. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
