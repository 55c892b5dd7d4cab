import { copyFile, rename, stat, truncate } from 'node:fs/promises'

/** A log that nobody reads must not fill the disk on which the database lives. */
export const LOG_BYTES_MAX = 10_000_000
export const LOGS_KEPT = 3

/**
 * Moves a log that has grown too large to `.1`, `.1` to `.2`, and forgets the oldest. Copies and truncates instead of
 * renaming, because a PostgreSQL that outlived its supervisor goes on writing to the file it was given.
 */
export async function rotateLog(path: string, bytesMax = LOG_BYTES_MAX): Promise<boolean> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size <= bytesMax) return false
  for (let n = LOGS_KEPT - 1; n >= 1; n -= 1) {
    await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(ignoreMissing)
  }
  // On a full disk the copy fails: then the old lines are lost, and the disk is not.
  await copyFile(path, `${path}.1`).catch(() => {})
  await truncate(path)
  return true
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
