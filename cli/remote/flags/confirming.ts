import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import type { Connection } from '../connection.ts'
import type { Asked } from '../read-words.ts'
import { answerOf, print, printJson, refused } from './asking.ts'

interface Rehearsal {
  added: number
  changed: number
  removed: number
  confirm: number | null
  differences: { kind: string; key: string; diff: string[] }[]
}

interface Done {
  change_id: string | null
  number: string
}

/** As many as fit on a screen; the file and `--json` have them all. */
const SHOWN_MAX = 20

/**
 * Changes many flags: rehearses it, shows what would happen, asks for the number where many go, keeps what is served now in a
 * file, and only then does it.
 */
export async function changeMany(
  connection: Connection,
  path: string,
  { body, isJson }: Asked,
  keep: { wanted: boolean },
): Promise<void> {
  const { confirm, dry_run: isDry, before, ...input } = body ?? {}
  const told = await answerOf<Rehearsal>(connection, `POST ${path}` as 'POST /', { ...input, dry_run: true })
  if (isDry) {
    if (isJson) printJson(told)
    else show(told)
    return
  }
  if (!isJson) show(told)
  const confirmed =
    told.confirm === null
      ? undefined
      : await agreed(`this takes away ${told.confirm} flags and segments`, told.confirm, confirm)
  if (keep.wanted) await keepServed(connection, before, isJson)
  const answer = { ...input, ...(confirmed !== undefined && { confirm: confirmed }) }
  const done = await answerOf<Done>(connection, `POST ${path}` as 'POST /', answer)
  if (isJson) printJson(done)
  else if (done.change_id === null) print('Nothing had to be changed.')
  else print(`Done: ${done.number}. "holdfast flags undo ${done.change_id}" takes it back, if that can be undone.`)
}

function show({ added, changed, removed, differences }: Rehearsal): void {
  print(`${added} come, ${changed} change, ${removed} are taken away.`)
  for (const { kind, key, diff } of differences.slice(0, SHOWN_MAX)) {
    print(`${kind === 'set' ? 'metadata of all' : `${kind} ${key}`}`, ...diff.map((line) => `  ${line}`))
  }
  if (differences.length > SHOWN_MAX) print(`and ${differences.length - SHOWN_MAX} more: --json shows them.`)
}

/** By number, because a yes is typed without reading. */
export async function agreed(say: string, count: number, given: unknown): Promise<number> {
  if (given !== undefined) {
    if (given !== count) throw refused(`${say}, and --confirm says ${String(given)}. Nothing was done.`)
    return count
  }
  if (!process.stdin.isTTY) throw refused(`${say}: say so with --confirm ${count}. Nothing was done.`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const typed = await terminal.question(`T${say.slice(1)}. Type ${count} to go ahead: `)
  terminal.close()
  if (typed.trim() !== String(count)) throw refused('that is another number. Nothing was done.')
  return count
}

/** Before anything is written over it: a file that cannot be written stops the command. */
async function keepServed(connection: Connection, path: unknown, isJson: boolean): Promise<void> {
  const served = await answerOf<unknown>(connection, 'GET /v1/flags/export')
  const file =
    typeof path === 'string' ? path : `holdfast-flags-before-${new Date().toISOString().replaceAll(':', '')}.json`
  try {
    // Never over a file that somebody keeps.
    writeFileSync(file, `${JSON.stringify(served, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw refused(
      `what is served now cannot be kept in ${file} (${(error as NodeJS.ErrnoException).code}). Nothing was done.`,
    )
  }
  if (!isJson) print(`What was served until now is kept in ${file}.`)
}
