import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../platform/make-folder.ts'
import { StartRefused } from './refused.ts'

/** A new cluster takes 40 MB and its write-ahead log up to 512 MB; below this, the first busy hour would fill the disk. */
const FREE_BYTES_MIN = 256_000_000
/** More than a file system may keep back inside an inode. */
const PROBE_BYTES = 65_536

const closed = 'make it writable for this user, or set HOLDFAST_DATA to another folder'
const full = 'make room, or set HOLDFAST_DATA to a folder on another disk'
const faults: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  EACCES: ['may not be written by this user', closed],
  EPERM: ['may not be written by this user', closed],
  EROFS: ['lies on a read-only file system', closed],
  ENOSPC: ['lies on a full disk', full],
  EDQUOT: ['lies on a disk on which this user may write no more', full],
  ENOTDIR: ['is not a folder', 'remove the file in its place, or set HOLDFAST_DATA'],
  EEXIST: ['is not a folder', 'remove the file in its place, or set HOLDFAST_DATA'],
  ENOENT: ['cannot be made', 'set HOLDFAST_DATA to a folder on a disk'],
  ENAMETOOLONG: ['has a name that is too long', 'set HOLDFAST_DATA to a shorter one'],
}

/** Makes the data folder and proves by writing that it can be used. */
export async function prepareDataFolder(folder: string, freeBytesMin = FREE_BYTES_MIN): Promise<void> {
  try {
    await makeFolder(folder)
    await writeProbe(join(folder, `.probe.${process.pid}`))
  } catch (cause) {
    const [what, advice] = faults[(cause as NodeJS.ErrnoException).code ?? ''] ?? []
    if (!what) throw cause
    throw new StartRefused(`The data folder ${folder} ${what}: ${advice}.`, { cause })
  }
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < freeBytesMin) {
    const [free, least] = [bavail * bsize, freeBytesMin].map((bytes) => `${Math.floor(bytes / 1e6)} MB`)
    throw new StartRefused(`The data folder ${folder} has ${free} left and needs ${least}: ${full}.`)
  }
}

async function writeProbe(path: string): Promise<void> {
  try {
    await using file = await open(path, 'w', 0o600)
    await file.writeFile(Buffer.alloc(PROBE_BYTES, 1))
    await file.sync()
  } finally {
    await rm(path, { force: true })
  }
}
