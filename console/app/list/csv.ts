/** A column of a file: what it is called, and its plain value. Times as on the wire, never as said to a reader. */
export interface CsvColumn<Row> {
  head: string
  value: (row: Row) => string | number | boolean | null | undefined | readonly string[]
}

/** RFC 4180: lines end in CRLF, what would be misread is quoted, a quote is doubled. */
export function csvOf<Row>(rows: readonly Row[], columns: readonly CsvColumn<Row>[]): string {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ value }) => plain(value(row))))]
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

function plain(value: ReturnType<CsvColumn<never>['value']>): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return disarmed(value.join(' '))
  return typeof value === 'string' ? disarmed(value) : String(value)
}

/**
 * A spreadsheet runs what begins like a formula, and a name is written by whoever signs up (OWASP, CSV injection).
 * An apostrophe makes it text. Numbers of ours pass as they are.
 */
function disarmed(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
