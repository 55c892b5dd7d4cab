import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file as a whole: after a crash there is the old content or the new, never half of one. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = await writeBeside(path, content)
  try {
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes a file that is not there yet, whole from its first moment. False: somebody else has made it. */
export async function makeFile(path: string, content: string): Promise<boolean> {
  const temporary = await writeBeside(path, content)
  try {
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(temporary)
  }
  await syncFolder(dirname(path))
  return true
}

/** Undefined when there is none; every other fault is thrown. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Under a name of its own each time: two writers of one file must not write into each other's. */
async function writeBeside(path: string, content: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    await using file = await open(temporary, 'wx', 0o600)
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    // On a full disk what was begun is in the way of what would free it.
    await unlink(temporary).catch(() => {})
    throw error
  }
  return temporary
}

/** The name is in the folder, and lost with a power cut unless that is synced too. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r')
  await handle.sync()
}
