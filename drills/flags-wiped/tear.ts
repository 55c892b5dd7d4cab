import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

/** Cuts copies of the flags in half, as a machine leaves them that lost its power. Returns how many it has cut, by their size. */
export function tear(dataDir: string, which: readonly ('newest' | 'before')[]): number {
  const folder = join(dataDir, 'flags')
  const names = readdirSync(folder).filter((name) => /^flags\..*\.snapshot$/.test(name))
  const chosen = names.filter((name) => which.includes(name.endsWith('.before.snapshot') ? 'before' : 'newest'))
  for (const name of chosen) {
    const path = join(folder, name)
    truncateSync(path, Math.floor(statSync(path).size / 2))
  }
  return chosen.length
}
