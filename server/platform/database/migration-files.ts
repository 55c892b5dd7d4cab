import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A feature's schema has the feature's name; its statements lie in its own folder. */
export interface MigrationSource {
  schema: string
  folder: string
}

export interface MigrationFile {
  name: string
  text: string
  checksum: string
}

/** The start ends with its one line: repeating would change nothing. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused'
}

const NAME = /^\d{4}_[a-z0-9_-]+\.sql$/
const HEADER = /^-- (expand|contract): \S/

/** A feature's files in the order in which they are applied. */
export async function migrationFiles({ schema, folder }: MigrationSource): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      if (!NAME.test(name)) throw new MigrationRefused(`${schema}/${name} must be named like 0001_what-it-adds.sql.`)
      // A checkout with other line ends is the same migration.
      const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      if (!HEADER.test(text)) {
        throw new MigrationRefused(
          `${schema}/${name} must begin with "-- expand:" or "-- contract:" and why it is safe beside the previous release.`,
        )
      }
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** What is still to be applied. Throws when history was edited, or something was slipped in behind what was applied. */
export function pendingFiles(
  schema: string,
  files: readonly MigrationFile[],
  applied: ReadonlyMap<string, string>,
): MigrationFile[] {
  const newest = [...applied.keys()].sort().at(-1) ?? ''
  return files.filter(({ name, checksum }) => {
    const known = applied.get(name)
    if (known === undefined && name < newest) {
      throw new MigrationRefused(
        `${schema}/${name} comes before ${newest}, which has been applied. Give it the next number.`,
      )
    }
    if (known !== undefined && known !== checksum) {
      throw new MigrationRefused(
        `${schema}/${name} was changed after it had been applied. Put it back as it was and write a new file.`,
      )
    }
    return known === undefined
  })
}
