import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file as a whole: after a crash there is the old content or the new, never half of one. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.${process.pid}.new`
  {
    await using file = await open(temporary, 'w', 0o600)
    await file.writeFile(content)
    await file.sync()
  }
  await rename(temporary, path)
  await using handle = await open(folder, 'r')
  // The rename itself is in the folder, and lost with a power cut unless that is synced too.
  await handle.sync()
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
