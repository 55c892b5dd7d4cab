import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** What the drill's resolver knows; in a file, because several processes ask. */
export interface NamesTable {
  /** Nobody is answered, as when the resolver of a data centre is gone. */
  isDead: boolean
  known: string[]
}

/** RFC 6761: nobody's on the internet. */
export const OF_THE_DRILL = /\.drill\.test$/

/** Settings of a process that is to ask this table. */
export const askingTable = (path: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL('names.ts', import.meta.url).href}`,
  DRILL_NAMES: path,
})

export interface Names {
  path: string
  add(host: string): void
  remove(host: string): void
  die(): void
  revive(): void
}

export function openNames(path: string, known: readonly string[]): Names {
  const table: NamesTable = { isDead: false, known: [...known] }
  const write = (change: Partial<NamesTable>) => {
    Object.assign(table, change)
    // Whole or not at all: a process that reads half a table would call a name unknown that is not.
    writeFileSync(`${path}.new`, JSON.stringify(table))
    renameSync(`${path}.new`, path)
  }
  write({})
  return {
    path,
    add: (host) => write({ known: [...new Set([...table.known, host])] }),
    remove: (host) => write({ known: table.known.filter((each) => each !== host) }),
    die: () => write({ isDead: true }),
    revive: () => write({ isDead: false }),
  }
}

/** As the drill's own clients look: null is a name that is not there, or a resolver that says nothing. */
export function lookIn(path: string, host: string): string | null {
  const { isDead, known } = JSON.parse(readFileSync(path, 'utf8')) as NamesTable
  return !isDead && known.includes(host) ? '127.0.0.1' : null
}
