import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file as a whole: after a crash there is the old content or the new, never half of one. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await replaceFiles([[path, content]])
}

/**
 * Several of one folder, one after the other, each as a whole. A crash in between leaves any of them old and any new: what
 * stands in them has to bear that.
 */
export async function replaceFiles(files: readonly (readonly [path: string, content: string])[]): Promise<void> {
  for (const [path, content] of files) await writeWhole(path, content)
  const [first] = files
  // A rename is an entry of the folder, and lost with a power cut unless the folder is synced too.
  if (first) await syncFolder(dirname(first[0]))
}

async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Undefined when there is no such file; every other fault is thrown. */
export function readFileIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
