import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { familyOf, killFamily } from '../platform/postgres-server/index.ts'
import { birthOf } from '../platform/processes.ts'

/** A folder for a copy that must not outlive its proof; what a killed proof has left goes at the next one. */
export interface Scratch extends AsyncDisposable {
  folder: string
  copyOf(file: string): Promise<string>
  /** What is ended, without waiting, when this process ends in the middle. */
  onEnd(end: () => void): void
}

const PREFIX = 'holdfast-proof-'
const OWNER = 'owner.json'
const KILL_MS = 5000
/** The processes of a killed server let go of their files a moment after the signal. */
const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const

export async function openScratch(): Promise<Scratch> {
  await removeStale()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  writeFileSync(join(folder, OWNER), JSON.stringify({ pid: process.pid, born: birthOf(process.pid) }))
  const endings: (() => void)[] = []
  const atExit = () => {
    for (const end of endings) end()
    rmSync(folder, REMOVE)
  }
  process.on('exit', atExit)
  return {
    folder,
    copyOf: async (file) => (await readFile(file, 'utf8')).trim(),
    onEnd(end) {
      endings.push(end)
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', atExit)
      await killFamily(familyOf(join(folder, 'postgres', 'cluster')), KILL_MS)
      await rm(folder, REMOVE)
    },
  }
}

async function removeStale(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name)
    if (!isStale(folder)) continue
    await killFamily(familyOf(join(folder, 'postgres', 'cluster')), KILL_MS)
    await rm(folder, REMOVE)
  }
}

function isStale(folder: string): boolean {
  try {
    const { pid, born } = JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as { pid: number; born: string }
    return birthOf(pid) !== born
  } catch {
    // Being made or removed by another, or not readable by us: not ours to judge.
    return false
  }
}
