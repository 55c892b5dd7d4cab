import { type ArmFigures, type ArmName, arms, type Card } from './card.ts'

const LABEL_WIDTH = 30
const COLUMN_WIDTH = 14
const WRAP_WIDTH = 96

/** The rows that every card has, in the order in which they matter to somebody who wants to get in. */
const rows: { label: string; key: Exclude<keyof ArmFigures, 'details'>; unit?: string; absent?: string }[] = [
  { label: 'fault proven', key: 'fault_proven' },
  { label: 'existing sessions valid', key: 'existing_pct', unit: '%' },
  { label: 'false sign-outs', key: 'false_sign_outs' },
  { label: 'wrong answers', key: 'wrong_answers' },
  { label: 'resurrected', key: 'resurrected' },
  { label: 'sign-in success', key: 'sign_in_pct', unit: '%' },
  { label: 'detected after', key: 'detect_s', unit: 's', absent: 'not seen' },
  { label: 'named after', key: 'named_s', unit: 's', absent: 'not seen' },
  { label: 'recovered after', key: 'recover_s', unit: 's', absent: 'not seen' },
  { label: 'acknowledged but lost', key: 'lost' },
  { label: 'duplicated', key: 'duplicated' },
  { label: 'false alarms', key: 'false_alarms' },
]

/** The card for a person: shape and word for every state, colour only where the terminal shows it. */
export function printCard(card: Card, { isColoured }: { isColoured: boolean }): string {
  const paint = painter(isColoured)
  const shown = arms.filter((name) => card.arms[name])
  return [
    '',
    `  ${paint('bold', card.drill)}   commit ${card.commit}   seed ${card.seed}`,
    '',
    ...(shown.length > 0 ? table(card, shown, paint) : []),
    ...shown.flatMap((name) => tableOfDrill(name, card.arms[name]!, paint)),
    ...card.bars.map(
      (bar) =>
        `  ${bar.met ? paint('green', '● met   ') : paint('red', '■ missed')}  ${bar.name.padEnd(44)} ${bar.required.padStart(8)}   ${show(bar.measured)}`,
    ),
    ...(card.bars.length > 0 ? [''] : []),
    `  ${verdictLine(card, paint)}`,
    ...card.why.flatMap((sentence) => wrap(sentence)),
    '',
  ].join('\n')
}

function table(card: Card, shown: ArmName[], paint: Painter): string[] {
  const head = `  ${''.padEnd(LABEL_WIDTH)}${shown.map((name) => name.padStart(COLUMN_WIDTH)).join('')}`
  const lines = rows.map(({ label, key, unit, absent }) => {
    const cells = shown.map((name) => show(card.arms[name]![key], unit, absent).padStart(COLUMN_WIDTH))
    return `  ${label.padEnd(LABEL_WIDTH)}${cells.join('')}`
  })
  return [paint('bold', head), ...lines, '']
}

/** A table of the drill's own (`details.table`): a row for each of many things that were done at once. */
export interface DrillTable {
  columns: string[]
  /** What the columns mean, in a sentence. */
  legend: string
  rows: { title: string; cells: (number | string | null)[] }[]
}

function tableOfDrill(arm: ArmName, { details }: ArmFigures, paint: Painter): string[] {
  const { table } = details as { table?: DrillTable }
  if (!table) return []
  const line = (title: string, cells: (number | string | null)[]) =>
    `  ${title.padEnd(LABEL_WIDTH)}${cells.map((cell, index) => widen(cell, table.columns[index]!)).join('')}`
  return [
    paint('bold', line(arm, table.columns)),
    ...table.rows.map(({ title, cells }) => line(title, cells)),
    ...wrap(`${table.legend} –: not measured, or nothing to measure.`),
    '',
  ]
}

const widen = (cell: number | string | null, column: string) =>
  `${cell ?? '–'}`.padStart(Math.max(6, column.length) + 2)

function verdictLine(card: Card, paint: Painter): string {
  if (card.verdict === 'held') return paint('green', '● HELD')
  if (card.verdict === 'missed') return paint('red', '■ MISSED')
  return paint('violet', '◍ INVALID: this run proves nothing, for a reason that is not the product')
}

function show(value: number | boolean | null, unit = '', absent = 'not measured'): string {
  // A missing figure is said to be missing; a dash or a 0 would be read as "none".
  if (value === null) return absent
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return `${value}${unit && ` ${unit}`}`
}

function wrap(sentence: string): string[] {
  const lines = ['']
  for (const word of sentence.split(' ')) {
    if (lines.at(-1)!.length + word.length > WRAP_WIDTH) lines.push('')
    lines[lines.length - 1] += lines.at(-1) ? ` ${word}` : word
  }
  return lines.map((line, index) => `  ${index === 0 ? '·' : ' '} ${line}`)
}

type Painter = (style: 'bold' | 'green' | 'red' | 'violet', text: string) => string

function painter(isColoured: boolean): Painter {
  const codes = { bold: 1, green: 32, red: 31, violet: 35 }
  return (style, text) => (isColoured ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
}
