import { existsSync, type FSWatcher, watch } from 'node:fs'
import type { Part } from './part.ts'

/** An editor writes a file in several steps, and a checkout many files at once. */
const QUIET_MS = 200
const IGNORED = /(^|\/)(node_modules|dist|\.holdfast|\.git)(\/|$)|\.test\.tsx?$/
const SOURCE = /\.(ts|js|json|sql|css|html|svg)$/

/** Calls back once things are quiet after a change in one of the folders. */
export function watchSources(folders: readonly string[], onChange: () => void): Part {
  let quiet: NodeJS.Timeout | undefined
  const watchers: FSWatcher[] = folders
    .filter((folder) => existsSync(folder))
    .map((folder) =>
      watch(folder, { recursive: true }, (_, path) => {
        if (path === null || IGNORED.test(path) || !SOURCE.test(path)) return
        clearTimeout(quiet)
        quiet = setTimeout(onChange, QUIET_MS)
      }),
    )
  const close = () => {
    clearTimeout(quiet)
    for (const watcher of watchers) watcher.close()
  }
  return { name: 'watch', stop: async () => close(), kill: close }
}
