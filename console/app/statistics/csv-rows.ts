import type { Statistics } from '../api/wire/statistics.ts'
import type { CsvColumn } from '../list/csv.ts'

interface CsvRow {
  at: string
  measure: string
  method: string | null
  reason: string | null
  value: number | null
}

/** A value a line. Empty is what was not seen: a sum over the column leaves it out, as it should. */
export function csvRowsOf({ series }: Statistics): CsvRow[] {
  return series.flatMap(({ measure, method, reason, points }) =>
    points.map(([at, value]) => ({ at: new Date(at * 1000).toISOString(), measure, method, reason, value })),
  )
}

export const csvColumns: readonly CsvColumn<CsvRow>[] = [
  { head: 'from', value: ({ at }) => at },
  { head: 'measure', value: ({ measure }) => measure },
  { head: 'method', value: ({ method }) => method },
  { head: 'reason', value: ({ reason }) => reason },
  { head: 'value', value: ({ value }) => value },
]
