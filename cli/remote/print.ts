import { printable } from './ask.ts'
import type { Column } from './noun.ts'

/** A cell that is longer is cut; `--json` has it whole. */
const CELL_MAX = 60
const NOTHING = '–'

/** A table whose columns stand under each other, with a line of headings. */
export function tableOf(columns: readonly Column[], rows: readonly unknown[]): string {
  const cells = rows.map((row) => columns.map(([, path]) => cut(wordOf(at(row, path)))))
  const all = [columns.map(([heading]) => heading), ...cells]
  const widths = columns.map((_, index) => Math.max(...all.map((line) => line[index]!.length)))
  return all
    .map(
      (line) =>
        `${line
          .map((cell, index) => cell.padEnd(widths[index]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** One thing: each of its fields on a line. */
export function detailOf(row: unknown): string {
  const fields = Object.entries((row ?? {}) as Record<string, unknown>)
  const width = Math.max(0, ...fields.map(([name]) => name.length))
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${wordOf(value)}\n`).join('')
}

export function at(row: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], row)
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return printable(value.join(', ')) || NOTHING
  if (typeof value === 'object') return printable(JSON.stringify(value))
  return printable(String(value))
}

const cut = (text: string) => (text.length > CELL_MAX ? `${text.slice(0, CELL_MAX - 1)}…` : text)
