import { createReadStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere } from '../platform/durable-file.ts'
import { makeFolder } from '../platform/make-folder.ts'
import { BackupFailed } from './refused.ts'
import type { Target } from './target.ts'

const BEING_WRITTEN = '.part'
/** What a killed backup has left; one that is still being written is younger. */
const ABANDONED_MS = 24 * 60 * 60_000

export function openFolderTarget(folder: string): Target {
  const at = (name: string) => join(folder, name)
  return {
    label: folder,
    names: () => named(folder, () => readdir(folder)),
    write: (name, bytes) => named(folder, () => writeWhole(folder, name, bytes)),
    async read(name) {
      await named(folder, () => stat(at(name)))
      return createReadStream(at(name)) as AsyncIterable<Uint8Array>
    },
    readText: (name) => named(folder, () => readFileIfThere(at(name))),
    remove: (name) => named(folder, () => rm(at(name), { force: true })),
  }
}

async function writeWhole(folder: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await makeFolder(folder)
  await removeAbandoned(folder)
  const temporary = join(folder, `.${name}.${process.pid}${BEING_WRITTEN}`)
  try {
    await using file = await open(temporary, 'wx', 0o600)
    for await (const portion of bytes) await file.writeFile(portion)
    await file.sync()
  } catch (error) {
    // On a full disk what was begun is in the way.
    await rm(temporary, { force: true })
    throw error
  }
  await rename(temporary, join(folder, name))
  await using handle = await open(folder, 'r')
  await handle.sync()
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.holdfast-') || !name.endsWith(BEING_WRITTEN)) continue
    const path = join(folder, name)
    const { mtimeMs, atimeMs, birthtimeMs } = await stat(path)
    const youngest = Math.max(mtimeMs, atimeMs, birthtimeMs)
    if ((await stat(folder)).mtimeMs - youngest > ABANDONED_MS) await rm(path, { force: true })
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'is on a full disk',
  EDQUOT: 'is on a disk on which this user may write no more',
  EACCES: 'may not be used by this user',
  EPERM: 'may not be used by this user',
  EROFS: 'is on a read-only file system',
  ENOENT: 'is not there',
  ENOTDIR: 'is not a folder',
}

/** A fault of the disk in one line; everything else rises as it is. */
async function named<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code = '', path } = error as NodeJS.ErrnoException
    const says = FAULTS[code]
    if (!says || path === undefined) {
      if (code !== 'ENOSPC') throw error
    }
    throw new BackupFailed(`The target ${folder} ${says}.`, { cause: error })
  }
}
