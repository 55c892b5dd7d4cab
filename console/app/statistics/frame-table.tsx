import classes from './frame-table.module.css'
import type { Cell, Frame } from './frame.ts'
import { sayCell, sayStretch } from './say-cell.ts'

/** The same figures to be read, newest first. */
export function FrameTable({ frame, stepS }: { frame: Frame; stepS: number }) {
  const { name, times, lines, unit } = frame
  const newestFirst = times.map((at, index) => [at, index] as const).reverse()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be in reach of the keyboard (WCAG 2.1.1).
    <section className={classes.frame} tabIndex={0} aria-label={`${name}, as a table`}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{stepS >= 86_400 ? 'Day (UTC)' : 'From'}</th>
            {lines.map((line) => (
              <th key={line.name} scope="col">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {newestFirst.map(([at, index]) => (
            <tr key={at}>
              <th scope="row">{sayStretch(at, stepS)}</th>
              {lines.map((line) => (
                <Value key={line.name} cell={line.cells[index] ?? 'unknown'} unit={unit} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Value({ cell, unit }: { cell: Cell; unit: Frame['unit'] }) {
  return <td data-is={typeof cell === 'number' ? undefined : cell}>{sayCell(cell, unit)}</td>
}
