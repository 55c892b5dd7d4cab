import { mkdir, open, stat, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The time of an empty file beside the log says how far the log had been read: nothing to write, and nothing to tear. */
export async function openReadMarker(logFile: string) {
  const path = logFile.replace(/(\.jsonl)?$/, '.read')
  // Without its log the marker would vouch for what is lost.
  const isLogThere = (await timeOf(logFile)) !== null
  const keptAt = isLogThere ? await timeOf(path) : null
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await (await open(path, 'a', 0o600)).close()
  // Until it is touched it says what it said, or that nothing is known.
  const saidAt = keptAt ?? new Date(0)
  await utimes(path, saidAt, saidAt)
  return {
    keptAt: keptAt && keptAt.getTime() > 0 ? keptAt : null,
    async touch(at: Date): Promise<void> {
      // An older time is the safe one: of a file that cannot be touched less is believed after a restart.
      await utimes(path, at, at).catch(() => {})
    },
  }
}

async function timeOf(path: string): Promise<Date | null> {
  try {
    return (await stat(path)).mtime
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
