import { VisuallyHidden } from '@mantine/core'
import classes from './rows-to-come.module.css'

/** Grey rows, seen only when an answer takes longer than 300 ms: what flashes by is worse than nothing. */
export function RowsToCome({ rows = 8 }: { rows?: number }) {
  return (
    <div className={classes.rows} role="status">
      <VisuallyHidden>Reading</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same, and never change places.
        <div key={index} className={classes.row} />
      ))}
    </div>
  )
}
