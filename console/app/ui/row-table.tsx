import { Table } from '@mantine/core'
import { Link, type LinkProps } from '@tanstack/react-router'
import { useState } from 'react'
import classes from './row-table.module.css'

export interface Column<Row> {
  head: string
  cell: (row: Row, tabIndex: number) => React.ReactNode
  /** The width of the table, not of the window, from which the column is shown. Absent: always. */
  from?: 'medium' | 'wide' | 'widest'
  align?: 'end'
  /** Fixed, so that nothing moves sideways when the rows are read again. The first column takes the rest. */
  width: number
  /** Of a wider table it takes so many hundredths, where that is more. */
  grows?: number
  /** The width in a table too narrow for more than the essential. */
  narrow?: number
}

interface RowTableProps<Row> {
  /** What the table lists, for those who hear it. */
  label: string
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** The first cell of a row, inside its link. */
  first: { head: string; cell: (row: Row) => React.ReactNode }
  columns: readonly Column<Row>[]
  linkTo?: (row: Row) => LinkProps
  chosen?: string | undefined
  /** Drawn with a hatched edge: this was read before, and may have changed since. */
  isOld: boolean
}

/** Rows that are walked with the arrow keys and opened with Enter; one stop for Tab, whatever their number. */
export function RowTable<Row>(props: RowTableProps<Row>) {
  const { label, rows, rowId, first, columns, linkTo, chosen, isOld } = props
  const [visited, setVisited] = useState<string>()
  const ids = rows.map(rowId)
  const entry = [visited, chosen].find((id) => id !== undefined && ids.includes(id)) ?? ids[0]

  return (
    <div className={classes.frame} data-old={isOld || undefined}>
      <Table
        stickyHeader
        layout="fixed"
        stickyHeaderOffset="var(--header-height)"
        aria-label={label}
        classNames={{ table: classes.table, thead: classes.thead, th: classes.th, td: classes.td, tr: classes.tr }}
        onKeyDown={walkRows}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{first.head}</Table.Th>
            {columns.map(({ head, from, align, width, narrow = width, grows = 0 }) => (
              <Table.Th
                key={head}
                scope="col"
                data-from={from}
                data-align={align}
                style={{ '--width': `max(${width}px, ${grows}cqw)`, '--width-narrow': `${narrow}px` }}
              >
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => {
            const id = rowId(row)
            const tabIndex = id === entry ? 0 : -1
            return (
              <Table.Tr key={id} data-chosen={id === chosen || undefined} onFocus={() => setVisited(id)}>
                <Table.Td>
                  {linkTo ? (
                    <Link
                      {...linkTo(row)}
                      className={classes.link}
                      data-row-link={id}
                      tabIndex={tabIndex}
                      aria-current={id === chosen || undefined}
                    >
                      {first.cell(row)}
                    </Link>
                  ) : (
                    first.cell(row)
                  )}
                </Table.Td>
                {columns.map(({ head, cell, from, align }) => (
                  <Table.Td key={head} data-from={from} data-align={align}>
                    {cell(row, linkTo ? tabIndex : 0)}
                  </Table.Td>
                ))}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </div>
  )
}

const steps: Record<string, (at: number, last: number) => number> = {
  ArrowDown: next,
  j: next,
  ArrowUp: previous,
  k: previous,
  Home: () => 0,
  End: (_, last) => last,
}

function next(at: number, last: number): number {
  return Math.min(at + 1, last)
}

function previous(at: number): number {
  return Math.max(at - 1, 0)
}

function walkRows(event: React.KeyboardEvent<HTMLTableElement>) {
  const step = steps[event.key]
  const target = event.target
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return
  if (!(target instanceof HTMLElement) || target.closest('[role="dialog"], input')) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')]
  const at = links.findIndex((link) => link.closest('tr')?.contains(target))
  if (at < 0) return
  event.preventDefault()
  links[step(at, links.length - 1)]?.focus()
}

/** What a column from `wide` on says, beneath the name in the first one where the table has no room for that column. */
export const InsteadOfWide = ({ children }: React.PropsWithChildren) => (
  <span className={classes.instead}>{children}</span>
)
