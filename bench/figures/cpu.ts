import { readdirSync, readFileSync } from 'node:fs'

/** `getconf CLK_TCK`: Linux tells user space a hundred a second whatever its own timer does. */
const TICK_MS = 10

interface Usage {
  parent: number
  ms: number
}

/**
 * The CPU time, of all threads, of these processes and of everything that descends from them, children that have already
 * been waited for included: a PostgreSQL backend that ended within a round stays counted with its postmaster. Null where
 * the kernel does not tell (no /proc).
 */
export function readCpuMs(roots: readonly number[]): number | null {
  if (process.platform !== 'linux') return null
  const table = new Map<number, Usage>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const usage = usageOf(readStat(entry))
    if (usage) table.set(Number(entry), usage)
  }
  return sumOfTree(table, roots)
}

/** proc(5): the name in brackets may itself hold blanks and brackets, so the fields are counted from the last one. */
export function usageOf(stat: string): Usage | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime, stime, cutime, cstime: fields 14 to 17 of the manual, which counts from one and from the pid.
  const ticks = fields.slice(11, 15).map(Number)
  if (ticks.length < 4 || ticks.some(Number.isNaN)) return undefined
  return { parent: Number(fields[1]), ms: ticks.reduce((sum, each) => sum + each, 0) * TICK_MS }
}

export function sumOfTree(table: ReadonlyMap<number, Usage>, roots: readonly number[]): number {
  const counted = new Set<number>()
  const children = Map.groupBy(table.keys(), (pid) => table.get(pid)!.parent)
  const next = [...roots]
  let sum = 0
  for (let pid = next.pop(); pid !== undefined; pid = next.pop()) {
    if (counted.has(pid)) continue
    counted.add(pid)
    sum += table.get(pid)?.ms ?? 0
    next.push(...(children.get(pid) ?? []))
  }
  return sum
}

/** Resident memory of one process in MB; null where the kernel does not tell. */
export function readResidentMb(pid: number): number | null {
  if (process.platform !== 'linux') return null
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return kb === undefined ? null : Math.round(Number(kb) / 1024)
}

function readStat(entry: string): string {
  try {
    return readFileSync(`/proc/${entry}/stat`, 'utf8')
  } catch {
    // Ended between the listing and now.
    return ''
  }
}
