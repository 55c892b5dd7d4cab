import { AT_HALF, type Report, type Row } from './report.ts'

/** The report for a person, and, as it is, the tables of docs/speed.md. */
export function printReport({ verdict, why, rows, bars, machine, run, commit }: Report): string {
  const speeds = rows.filter(({ unit }) => unit === '1/s')
  const waits = new Map(rows.filter(isWait).map((row) => [row.contestant, row.median]))
  const others = rows.filter((row) => row.unit !== '1/s' && !isWait(row))
  const parts = [
    table(
      ['contestant', 'measure', 'median 1/s', 'min … max', 'ratio', 'of', 'CPU µs', 'p99 ms at half'],
      speeds.map((row) => speedCells(row, waits.get(row.contestant) ?? null)),
    ),
    table(
      ['contestant', 'also', 'measured'],
      others.map(({ contestant, measure, unit, median }) => [
        contestant,
        measure,
        median === null ? 'not measured' : `${median} ${unit}`,
      ]),
    ),
    table(
      ['bar', 'required', 'measured', ''],
      bars.map(({ name, required, measured, met }) => [name, required, said(measured), met ? 'met' : 'MISSED']),
    ),
    [`Verdict: ${verdict}.`, ...why.map((sentence) => `- ${sentence}`)].join('\n'),
    `Commit ${commit}, ${run.rounds} rounds of ${run.seconds} s. Machine: ${Object.entries(machine)
      .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
      .join(', ')}.`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** It stands beside the ceiling that it belongs to. */
const isWait = ({ measure }: Row) => measure.endsWith(AT_HALF)

function speedCells({ contestant, measure, median, min, max, ratio, ratio_to, cpu_us }: Row, p99: number | null) {
  return [
    contestant,
    measure,
    said(median),
    `${said(min)} … ${said(max)}`,
    said(ratio),
    ratio_to ?? '',
    said(cpu_us),
    said(p99),
  ]
}

const said = (value: number | null) =>
  value === null ? '–' : value.toLocaleString('en', { maximumSignificantDigits: 6 })

/** Markdown that is read as well as it is drawn. */
function table(head: string[], body: string[][]): string {
  if (body.length === 0) return ''
  const widths = head.map((name, column) => Math.max(3, name.length, ...body.map((cells) => cells[column]!.length)))
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
